package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of {@code purge_call}. Many are read in pages, as drivers hold a whole result
 * in memory.
 */
final class PurgeCallTable {

	/** A call can have ten thousand keys. */
	private static final int CALLS_AT_ONCE = 16;

	private static final int HASHES_AT_ONCE = 1000;

	private final JdbcClient jdbc;

	PurgeCallTable(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void insert(LedgerCall call) {
		this.jdbc.sql("""
				insert into purge_call (name, number, range_no, sequence, attempt, state, key_count, keys_packed,
					deleted, inferred, vanished, spared, refused, left_over, announced_at, announced_hash)
				values (?, ?, ?, ?, ?, 'ANNOUNCED', ?, ?, 0, 0, 0, 0, 0, 0, ?, ?)""")
			.params(call.run().definition(), call.run().number(), call.range(), call.sequence(), call.attempt(),
					call.keys().size(), KeyCodec.pack(call.keys()), Timestamps.of(call.announcedAt()),
					call.announcedHash())
			.update();
	}

	/** False if the call is settled already, or there is none. */
	boolean settle(LedgerCall call, List<KeyOutcome> outcomes, Instant at) {
		String text = OutcomeCodec.text(outcomes);
		String reasons = LedgerJson.text(OutcomeCodec.reasons(outcomes));
		OutcomeCounts counts = OutcomeCounts.of(outcomes);
		return this.jdbc.sql("""
				update purge_call set state = 'SETTLED', outcomes = ?, reasons = ?, deleted = ?, inferred = ?,
					vanished = ?, spared = ?, refused = ?, left_over = ?, settled_at = ?, settled_hash = ?
				where name = ? and number = ? and range_no = ? and sequence = ? and state = 'ANNOUNCED'""")
			.params(text, reasons, counts.deleted(), counts.inferred(), counts.vanished(), counts.spared(),
					counts.refused(), counts.left(), Timestamps.of(at),
					CallHashes.settled(call.announcedHash(), text, reasons, at), call.run().definition(),
					call.run().number(), call.range(), call.sequence())
			.update() == 1;
	}

	List<LedgerCall> unsettled(RunId run, int range) {
		return this.jdbc.sql("""
				select * from purge_call where name = ? and number = ? and range_no = ? and state = 'ANNOUNCED'
				order by sequence""")
			.params(run.definition(), run.number(), range)
			.query((row, index) -> StoredCall.of(row, index).call())
			.list();
	}

	/**
	 * The calls of a range behind which its position did not move, though keys of them
	 * are gone: others are left, or their answer was lost.
	 */
	List<LedgerCall> settledByLooking(RunId run, int range) {
		return this.jdbc.sql("""
				select * from purge_call where name = ? and number = ? and range_no = ? and state = 'SETTLED'
				and (left_over > 0 or inferred > 0) and deleted + inferred + vanished > 0 order by sequence""")
			.params(run.definition(), run.number(), range)
			.query((row, index) -> StoredCall.of(row, index).call())
			.list();
	}

	void deleteAll(RunId run) {
		this.jdbc.sql("delete from purge_call where name = ? and number = ?")
			.params(run.definition(), run.number())
			.update();
	}

	/** The last call of a range, or what stands before the first. */
	Link last(RunId run, int range) {
		return this.jdbc.sql("""
				select sequence, announced_hash, settled_hash from purge_call
				where name = ? and number = ? and range_no = ? order by sequence desc fetch first 1 rows only""")
			.params(run.definition(), run.number(), range)
			.query(Link::of)
			.optional()
			.orElseGet(() -> new Link(0, CallHashes.start(run, range), null));
	}

	@Nullable LedgerCall find(RunId run, int range, int sequence) {
		return this.jdbc.sql("select * from purge_call where name = ? and number = ? and range_no = ? and sequence = ?")
			.params(run.definition(), run.number(), range, sequence)
			.query((row, index) -> StoredCall.of(row, index).call())
			.optional()
			.orElse(null);
	}

	/** Shows the calls of a range by sequence. */
	void each(RunId run, int range, Consumer<StoredCall> consumer) {
		List<StoredCall> calls;
		int last = 0;
		do {
			calls = this.jdbc.sql("""
					select * from purge_call where name = ? and number = ? and range_no = ? and sequence > ?
					order by sequence fetch first %d rows only""".formatted(CALLS_AT_ONCE))
				.params(run.definition(), run.number(), range, last)
				.query(StoredCall::of)
				.list();
			calls.forEach(consumer);
			last = calls.isEmpty() ? last : calls.get(calls.size() - 1).sequence();
		}
		while (calls.size() == CALLS_AT_ONCE);
	}

	/** The chain of a range as it stands, by its hashes alone. */
	RangeChain chain(RunId run, int range) {
		RangeChain chain = RangeChain.start(run, range);
		List<Link> links;
		int last = 0;
		do {
			links = this.jdbc.sql("""
					select sequence, announced_hash, settled_hash from purge_call
					where name = ? and number = ? and range_no = ? and sequence > ?
					order by sequence fetch first %d rows only""".formatted(HASHES_AT_ONCE))
				.params(run.definition(), run.number(), range, last)
				.query(Link::of)
				.list();
			for (Link link : links) {
				chain = chain.and(link.announcedHash(), link.settledHash());
				last = link.sequence();
			}
		}
		while (links.size() == HASHES_AT_ONCE);
		return chain;
	}

	/** The place of a call in the chain of its range. */
	record Link(int sequence, String announcedHash, @Nullable String settledHash) {

		private static Link of(ResultSet row, int index) throws SQLException {
			return new Link(row.getInt("sequence"), row.getString("announced_hash"), row.getString("settled_hash"));
		}

	}

}
