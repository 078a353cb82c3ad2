package io.kvpurge.ledger;

import java.util.Arrays;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;

import io.kvpurge.store.KeyRange;

/** The rows of {@code purge_range}. */
final class PurgeRangeTable {

	private final JdbcClient jdbc;

	PurgeRangeTable(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** The ranges of a run by number. */
	List<StoredRange> all(RunId run) {
		return this.jdbc.sql("select * from purge_range where name = ? and number = ? order by range_no")
			.params(run.definition(), run.number())
			.query(StoredRange::of)
			.list();
	}

	/** As {@link #all}, without what only hashes are made of. */
	List<LedgerRange> shown(RunId run) {
		return all(run).stream().map(StoredRange::range).toList();
	}

	void insert(RunId run, int range, KeyRange bounds) {
		this.jdbc.sql("""
				insert into purge_range (name, number, range_no, bounds, position, listed, unmatched, held, undecided,
					matched, deleted, vanished, spared, refused, list_calls, delete_calls, other_calls, retried_calls,
					reasons, done)
				values (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', false)""")
			.params(run.definition(), run.number(), range, LedgerJson.text(bounds),
					LedgerJson.text(RangeProgress.START.position()))
			.update();
	}

	void update(RunId run, int range, RangeProgress progress) {
		EntryCounts counts = progress.counts();
		CallCounts calls = progress.calls();
		int updated = this.jdbc.sql("""
				update purge_range set position = ?, listed = ?, unmatched = ?, held = ?, undecided = ?, matched = ?,
					deleted = ?, vanished = ?, spared = ?, refused = ?, list_calls = ?, delete_calls = ?,
					other_calls = ?, retried_calls = ?, reasons = ?, done = ?, findings = ?
				where name = ? and number = ? and range_no = ?""")
			.params(Arrays.asList(LedgerJson.text(progress.position()), counts.listed(), counts.unmatched(),
					counts.held(), counts.undecided(), counts.matched(), counts.deleted(), counts.vanished(),
					counts.spared(), counts.refused(), calls.list(), calls.delete(), calls.other(), calls.retried(),
					LedgerJson.text(progress.reasons()), progress.done(),
					(progress.findings() != null) ? LedgerJson.text(progress.findings()) : null, run.definition(),
					run.number(), range))
			.update();
		if (updated != 1) {
			throw new IllegalStateException("run " + run + " has no range " + range);
		}
	}

	/** All ranges of a run begin anew; what they counted stays. */
	void rewind(RunId run) {
		this.jdbc.sql("update purge_range set position = ?, done = false where name = ? and number = ?")
			.params(LedgerJson.text(RangeProgress.START.position()), run.definition(), run.number())
			.update();
	}

	/** Keeps what the seal says of calls that are about to go. */
	void keepChain(StoredRange range, RangeChain chain) {
		this.jdbc.sql("""
				update purge_range set pruned_calls = ?, pruned_announced = ?, pruned_settled = ?
				where name = ? and number = ? and range_no = ?""")
			.params(chain.calls(), chain.lastAnnounced(), chain.settledDigest(), range.run().definition(),
					range.run().number(), range.number())
			.update();
	}

	void seal(StoredRange range, String hash) {
		this.jdbc.sql("update purge_range set sealed_hash = ? where name = ? and number = ? and range_no = ?")
			.params(hash, range.run().definition(), range.run().number(), range.number())
			.update();
	}

}
