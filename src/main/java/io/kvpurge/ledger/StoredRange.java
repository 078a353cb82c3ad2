package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code purge_range}: what the hashes cover is its text as it stands there.
 *
 * @param run the run
 * @param number counted from 1
 * @param bounds its keys, as JSON
 * @param position where the listing carries on, as JSON
 * @param counts what became of the entries
 * @param calls what was sent to the store
 * @param reasons why rules could not be decided, as JSON
 * @param done whether it is done
 * @param findings see {@link RangeProgress}, as JSON
 * @param sealedHash what the seal says of it, null until the run is sealed
 * @param prunedChain what the seal says of its calls where they were pruned, null if they
 * are there
 */
record StoredRange(RunId run, int number, String bounds, String position, EntryCounts counts, CallCounts calls,
		String reasons, boolean done, @Nullable String findings, @Nullable String sealedHash,
		@Nullable RangeChain prunedChain) {

	static StoredRange of(ResultSet row, int index) throws SQLException {
		EntryCounts counts = new EntryCounts(row.getLong("listed"), row.getLong("unmatched"), row.getLong("held"),
				row.getLong("undecided"), row.getLong("matched"), row.getLong("deleted"), row.getLong("vanished"),
				row.getLong("spared"), row.getLong("refused"));
		CallCounts calls = new CallCounts(row.getLong("list_calls"), row.getLong("delete_calls"),
				row.getLong("other_calls"), row.getLong("retried_calls"));
		return new StoredRange(new RunId(row.getString("name"), row.getInt("number")), row.getInt("range_no"),
				row.getString("bounds"), row.getString("position"), counts, calls, row.getString("reasons"),
				row.getBoolean("done"), row.getString("findings"), row.getString("sealed_hash"), prunedChain(row));
	}

	private static @Nullable RangeChain prunedChain(ResultSet row) throws SQLException {
		Integer calls = row.getObject("pruned_calls", Integer.class);
		String announced = row.getString("pruned_announced");
		String settled = row.getString("pruned_settled");
		if (calls == null && announced == null && settled == null) {
			return null;
		}
		// One without the others was never written, and fits no hash.
		return new RangeChain((calls != null) ? calls : -1, String.valueOf(announced), String.valueOf(settled));
	}

	LedgerRange range() {
		return new LedgerRange(this.run, this.number, LedgerJson.range(this.bounds),
				new RangeProgress(LedgerJson.position(this.position), this.counts, this.calls,
						LedgerJson.numbers(this.reasons), this.done,
						(this.findings != null) ? LedgerJson.findings(this.findings) : null));
	}

	String name() {
		return LedgerRange.name(this.number);
	}

}
