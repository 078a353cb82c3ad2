package io.kvpurge.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

/** The ledger in a database with the tables of {@code schema/}. */
final class JdbcDeletionLedger implements DeletionLedger {

	private static final String RUNS = """
			select r.*, d.definition_text from purge_run r join purge_definition d on d.digest = r.digest
			""";

	private static final int CALLS_AT_ONCE = 16;

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final Clock clock;

	private final boolean lockable;

	JdbcDeletionLedger(DataSource dataSource, Clock clock) {
		this.jdbc = JdbcClient.create(dataSource);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.clock = clock;
		this.lockable = isPostgresql(dataSource);
	}

	private static boolean isPostgresql(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
		}
		catch (SQLException ex) {
			throw new LedgerException("cannot use the ledger's database: " + ex.getMessage(), ex);
		}
	}

	@Override
	public @Nullable PurgeRun find(RunId id) {
		return this.jdbc.sql(RUNS + "where r.name = ? and r.number = ?")
			.params(id.definition(), id.number())
			.query(LedgerRows::run)
			.optional()
			.orElse(null);
	}

	@Override
	public @Nullable PurgeRun latest(String definition, @Nullable RunMode mode) {
		return runs(definition).stream()
			.filter((run) -> mode == null || run.identity().mode() == mode)
			.findFirst()
			.orElse(null);
	}

	@Override
	public List<PurgeRun> runs(String definition) {
		return this.jdbc.sql(RUNS + "where r.name = ? order by r.number desc")
			.param(definition)
			.query(LedgerRows::run)
			.list();
	}

	@Override
	public List<String> definitions() {
		return this.jdbc.sql("select distinct name from purge_run order by name").query(String.class).list();
	}

	@Override
	public RunFence begin(RunIdentity identity, String definitionText, Guarantee guarantee, boolean tellsVanished,
			RunOrigin origin) {
		return inTransaction(() -> {
			keepDefinition(identity, definitionText);
			Integer last = this.jdbc.sql("select max(number) from purge_run where name = ?")
				.param(identity.definition())
				.query(Integer.class)
				.optional()
				.orElse(null);
			RunId id = new RunId(identity.definition(), (last != null) ? last + 1 : 1);
			this.jdbc
				.sql("""
						insert into purge_run (name, number, mode, digest, parameters, store, as_of, guarantee, tells_vanished,
							launched_by, host, pid, version, attempts, fence, state, started_at)
						values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 'RUNNING', ?)""")
				.params(id.definition(), id.number(), identity.mode().name(), identity.digest(), identity.parameters(),
						identity.store(), LedgerRows.timestamp(identity.asOf()), guarantee.toString(), tellsVanished,
						origin.user(), origin.host(), origin.pid(), origin.version(), LedgerRows.timestamp(now()))
				.update();
			return new RunFence(id, 1);
		});
	}

	private void keepDefinition(RunIdentity identity, String text) {
		boolean known = this.jdbc.sql("select 1 from purge_definition where digest = ?")
			.param(identity.digest())
			.query(Integer.class)
			.optional()
			.isPresent();
		if (!known) {
			this.jdbc
				.sql("insert into purge_definition (digest, name, definition_text, first_seen_at) values (?, ?, ?, ?)")
				.params(identity.digest(), identity.definition(), text, LedgerRows.timestamp(now()))
				.update();
		}
	}

	@Override
	public RunFence takeOver(RunId id, RunOrigin origin) {
		return inTransaction(() -> {
			int updated = this.jdbc.sql("""
					update purge_run set fence = fence + 1, attempts = attempts + 1, state = 'RUNNING', reason = null,
						ended_at = null, launched_by = ?, host = ?, pid = ?, version = ?
					where name = ? and number = ? and seal is null""")
				.params(origin.user(), origin.host(), origin.pid(), origin.version(), id.definition(), id.number())
				.update();
			PurgeRun run = find(id);
			if (updated == 0 || run == null) {
				throw new IllegalStateException("run " + id + " cannot be carried on: "
						+ ((run != null) ? "it is " + run.state() : "there is none"));
			}
			return new RunFence(id, run.fence());
		});
	}

	@Override
	public List<LedgerRange> saveRanges(RunFence fence, List<KeyRange> ranges) {
		return inTransaction(() -> {
			PurgeRun run = owned(fence);
			if (ranges(fence.run()).isEmpty()) {
				for (int i = 0; i < ranges.size(); i++) {
					insert(new LedgerRange(run.id(), i + 1, ranges.get(i), RangeProgress.START));
				}
			}
			return ranges(fence.run());
		});
	}

	private void insert(LedgerRange range) {
		this.jdbc.sql("""
				insert into purge_range (name, number, range_no, bounds, position, listed, unmatched, held, undecided,
					matched, deleted, vanished, spared, refused, list_calls, delete_calls, other_calls, retried_calls,
					reasons, done)
				values (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', false)""")
			.params(range.run().definition(), range.run().number(), range.number(), LedgerJson.text(range.bounds()),
					LedgerJson.text(range.progress().position()))
			.update();
	}

	@Override
	public List<LedgerRange> ranges(RunId id) {
		return this.jdbc.sql("select * from purge_range where name = ? and number = ? order by range_no")
			.params(id.definition(), id.number())
			.query(LedgerRows::range)
			.list();
	}

	@Override
	public LedgerCall announce(RunFence fence, int range, List<Key> keys) {
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("a call has at least one key");
		}
		return inTransaction(() -> {
			PurgeRun run = owned(fence);
			Link last = lastLink(fence.run(), range);
			int sequence = last.sequence() + 1;
			Instant announcedAt = now();
			String hash = CallHashes.announced(last.hash(), run.id(), range, sequence, run.attempts(), announcedAt,
					keys);
			this.jdbc.sql("""
					insert into purge_call (name, number, range_no, sequence, attempt, state, key_count, keys_packed,
						deleted, inferred, vanished, spared, refused, left_over, announced_at, announced_hash)
					values (?, ?, ?, ?, ?, 'ANNOUNCED', ?, ?, 0, 0, 0, 0, 0, 0, ?, ?)""")
				.params(run.id().definition(), run.id().number(), range, sequence, run.attempts(), keys.size(),
						KeyCodec.pack(keys), LedgerRows.timestamp(announcedAt), hash)
				.update();
			return new LedgerCall(run.id(), range, sequence, run.attempts(), keys, announcedAt, null, List.of(), hash,
					null);
		});
	}

	/** Read each time: after a commit whose outcome was lost, nobody else knows it. */
	private Link lastLink(RunId run, int range) {
		return this.jdbc.sql("""
				select sequence, announced_hash from purge_call where name = ? and number = ? and range_no = ?
				order by sequence desc fetch first 1 rows only""")
			.params(run.definition(), run.number(), range)
			.query((row, index) -> new Link(row.getInt("sequence"), row.getString("announced_hash")))
			.optional()
			.orElseGet(() -> new Link(0, CallHashes.start(run, range)));
	}

	@Override
	public void settle(RunFence fence, LedgerCall call, List<KeyOutcome> outcomes, RangeProgress progress) {
		if (outcomes.size() != call.keys().size()) {
			throw new IllegalArgumentException(
					outcomes.size() + " outcomes for a call of " + call.keys().size() + " keys");
		}
		Instant settledAt = now();
		String text = OutcomeCodec.text(outcomes);
		String reasons = LedgerJson.text(OutcomeCodec.reasons(outcomes));
		OutcomeCounts counts = OutcomeCounts.of(outcomes);
		inTransaction(() -> {
			owned(fence);
			int updated = this.jdbc.sql("""
					update purge_call set state = 'SETTLED', outcomes = ?, reasons = ?, deleted = ?, inferred = ?,
						vanished = ?, spared = ?, refused = ?, left_over = ?, settled_at = ?, settled_hash = ?
					where name = ? and number = ? and range_no = ? and sequence = ? and state = 'ANNOUNCED'""")
				.params(text, reasons, counts.deleted(), counts.inferred(), counts.vanished(), counts.spared(),
						counts.refused(), counts.left(), LedgerRows.timestamp(settledAt),
						CallHashes.settled(call.announcedHash(), text, reasons, settledAt), call.run().definition(),
						call.run().number(), call.range(), call.sequence())
				.update();
			if (updated != 1) {
				throw new IllegalStateException("call " + call.sequence() + " of range " + call.range() + " of run "
						+ call.run() + " is settled already");
			}
			update(fence.run(), call.range(), progress);
			return true;
		});
	}

	@Override
	public void save(RunFence fence, int range, RangeProgress progress) {
		inTransaction(() -> {
			owned(fence);
			update(fence.run(), range, progress);
			return true;
		});
	}

	private void update(RunId run, int range, RangeProgress progress) {
		EntryCounts counts = progress.counts();
		CallCounts calls = progress.calls();
		this.jdbc.sql("""
				update purge_range set position = ?, listed = ?, unmatched = ?, held = ?, undecided = ?, matched = ?,
					deleted = ?, vanished = ?, spared = ?, refused = ?, list_calls = ?, delete_calls = ?,
					other_calls = ?, retried_calls = ?, reasons = ?, done = ?
				where name = ? and number = ? and range_no = ?""")
			.params(LedgerJson.text(progress.position()), counts.listed(), counts.unmatched(), counts.held(),
					counts.undecided(), counts.matched(), counts.deleted(), counts.vanished(), counts.spared(),
					counts.refused(), calls.list(), calls.delete(), calls.other(), calls.retried(),
					LedgerJson.text(progress.reasons()), progress.done(), run.definition(), run.number(), range)
			.update();
	}

	@Override
	public List<LedgerCall> unsettled(RunId id, int range) {
		return this.jdbc.sql("""
				select * from purge_call where name = ? and number = ? and range_no = ? and state = 'ANNOUNCED'
				order by sequence""").params(id.definition(), id.number(), range).query(LedgerRows::call).list();
	}

	@Override
	public RunTotals totals(RunId id) {
		List<LedgerRange> ranges = ranges(id);
		EntryCounts counts = EntryCounts.ZERO;
		CallCounts calls = CallCounts.ZERO;
		Map<String, Long> reasons = new LinkedHashMap<>();
		int done = 0;
		for (LedgerRange range : ranges) {
			RangeProgress progress = range.progress();
			counts = counts.plus(progress.counts());
			calls = calls.plus(progress.calls());
			progress.reasons().forEach((reason, number) -> reasons.merge(reason, number, Long::sum));
			done += progress.done() ? 1 : 0;
		}
		Map<String, Long> sorted = reasons.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
				.thenComparing(Map.Entry.comparingByKey()))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, LinkedHashMap::new));
		return new RunTotals(ranges.size(), done, counts, calls, sorted);
	}

	@Override
	public void end(RunFence fence, RunState state, String reason) {
		if (state != RunState.STOPPED && state != RunState.FAILED) {
			throw new IllegalArgumentException(state + " ends no attempt");
		}
		inTransaction(() -> {
			owned(fence);
			close(fence.run(), state, reason, now());
			return true;
		});
	}

	private void close(RunId id, RunState state, String reason, Instant at) {
		this.jdbc.sql("update purge_run set state = ?, reason = ?, ended_at = ? where name = ? and number = ?")
			.params(state.name(), reason, LedgerRows.timestamp(at), id.definition(), id.number())
			.update();
	}

	@Override
	public String seal(RunFence fence, RunState state, String reason) {
		if (state.isResumable()) {
			throw new IllegalArgumentException(state + " is not sealed");
		}
		return inTransaction(() -> {
			Instant endedAt = now();
			PurgeRun closed = owned(fence).ended(state, reason, endedAt);
			String previous = this.jdbc.sql("""
					select seal from purge_run where name = ? and seal is not null
					order by ended_at desc, number desc fetch first 1 rows only""")
				.param(closed.id().definition())
				.query(String.class)
				.optional()
				.orElse(null);
			List<String> hashes = ranges(closed.id()).stream()
				.map((range) -> CallHashes.range(range, chain(closed.id(), range.number())))
				.toList();
			String seal = CallHashes.seal(closed, previous, hashes);
			this.jdbc.sql("""
					update purge_run set state = ?, reason = ?, ended_at = ?, previous_seal = ?, seal = ?
					where name = ? and number = ?""")
				.param(state.name())
				.param(reason)
				.param(LedgerRows.timestamp(endedAt))
				.param(previous)
				.param(seal)
				.param(closed.id().definition())
				.param(closed.id().number())
				.update();
			return seal;
		});
	}

	private RangeChain chain(RunId run, int range) {
		RangeChain[] chain = { RangeChain.start(run, range) };
		this.jdbc.sql("""
				select announced_hash, settled_hash from purge_call where name = ? and number = ? and range_no = ?
				order by sequence""").params(run.definition(), run.number(), range).query((row) -> {
			chain[0] = chain[0].and(row.getString("announced_hash"), row.getString("settled_hash"));
		});
		return chain[0];
	}

	@Override
	public void calls(RunId id, Consumer<LedgerCall> consumer) {
		for (LedgerRange range : ranges(id)) {
			List<LedgerCall> calls;
			int last = 0;
			do {
				calls = this.jdbc.sql("""
						select * from purge_call where name = ? and number = ? and range_no = ? and sequence > ?
						order by sequence fetch first %d rows only""".formatted(CALLS_AT_ONCE))
					.params(id.definition(), id.number(), range.number(), last)
					.query(LedgerRows::call)
					.list();
				calls.forEach(consumer);
				last = calls.isEmpty() ? last : calls.get(calls.size() - 1).sequence();
			}
			while (!calls.isEmpty());
		}
	}

	@Override
	public Verification verify(RunId id) {
		return new LedgerVerifier(this.jdbc, this).verify(id);
	}

	/**
	 * The run, if the fence still holds: from here to the end of the transaction nobody
	 * can take it over. (An embedded database has one process, and thus one owner.)
	 */
	private PurgeRun owned(RunFence fence) {
		return this.jdbc
			.sql(RUNS + "where r.name = ? and r.number = ? and r.fence = ? and r.state = 'RUNNING'"
					+ (this.lockable ? " for share of r" : ""))
			.params(fence.run().definition(), fence.run().number(), fence.fence())
			.query(LedgerRows::run)
			.optional()
			.orElseThrow(() -> new FencedException(fence));
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.MICROS);
	}

	private <T> T inTransaction(Supplier<T> work) {
		T result = this.transaction.execute((status) -> work.get());
		if (result == null) {
			throw new IllegalStateException("a transaction gave nothing");
		}
		return result;
	}

	/** The end of a range's chain. */
	private record Link(int sequence, String hash) {

	}

}
