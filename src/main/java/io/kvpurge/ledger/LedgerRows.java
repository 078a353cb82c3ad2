package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Guarantee;

/** Turns rows into records. */
final class LedgerRows {

	private LedgerRows() {
	}

	static OffsetDateTime timestamp(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

	static PurgeRun run(ResultSet row, int index) throws SQLException {
		RunIdentity identity = new RunIdentity(row.getString("name"), row.getString("digest"),
				row.getString("parameters"), row.getString("store"), RunMode.valueOf(row.getString("mode")),
				instant(row, "as_of"));
		RunOrigin origin = new RunOrigin(row.getString("launched_by"), row.getString("host"), row.getLong("pid"),
				row.getString("version"));
		return new PurgeRun(new RunId(row.getString("name"), row.getInt("number")), identity,
				row.getString("definition_text"), guarantee(row.getString("guarantee")),
				row.getBoolean("tells_vanished"), origin, row.getInt("attempts"), row.getLong("fence"),
				RunState.valueOf(row.getString("state")), row.getString("reason"), instant(row, "started_at"),
				optionalInstant(row, "ended_at"), row.getString("seal"));
	}

	static LedgerRange range(ResultSet row, int index) throws SQLException {
		EntryCounts counts = new EntryCounts(row.getLong("listed"), row.getLong("unmatched"), row.getLong("held"),
				row.getLong("undecided"), row.getLong("matched"), row.getLong("deleted"), row.getLong("vanished"),
				row.getLong("spared"), row.getLong("refused"));
		CallCounts calls = new CallCounts(row.getLong("list_calls"), row.getLong("delete_calls"),
				row.getLong("other_calls"), row.getLong("retried_calls"));
		RangeProgress progress = new RangeProgress(LedgerJson.position(row.getString("position")), counts, calls,
				LedgerJson.numbers(row.getString("reasons")), row.getBoolean("done"));
		return new LedgerRange(new RunId(row.getString("name"), row.getInt("number")), row.getInt("range_no"),
				LedgerJson.range(row.getString("bounds")), progress);
	}

	/**
	 * A call.
	 * @throws IllegalArgumentException if keys or outcomes cannot be read
	 */
	static LedgerCall call(ResultSet row, int index) throws SQLException {
		String outcomes = row.getString("outcomes");
		List<io.kvpurge.store.Key> keys = KeyCodec.unpack(row.getBytes("keys_packed"));
		List<KeyOutcome> parsed = (outcomes != null)
				? OutcomeCodec.parse(outcomes, LedgerJson.texts(row.getString("reasons")), keys.size()) : List.of();
		return new LedgerCall(new RunId(row.getString("name"), row.getInt("number")), row.getInt("range_no"),
				row.getInt("sequence"), row.getInt("attempt"), keys, instant(row, "announced_at"),
				optionalInstant(row, "settled_at"), parsed, row.getString("announced_hash"),
				row.getString("settled_hash"));
	}

	static Instant instant(ResultSet row, String column) throws SQLException {
		Instant instant = optionalInstant(row, column);
		if (instant == null) {
			throw new SQLException(column + " is null");
		}
		return instant;
	}

	private static @Nullable Instant optionalInstant(ResultSet row, String column) throws SQLException {
		Timestamp timestamp = row.getTimestamp(column);
		return (timestamp != null) ? timestamp.toInstant() : null;
	}

	private static Guarantee guarantee(String text) {
		return text.equals(Guarantee.COMPARE_AND_DELETE.toString()) ? Guarantee.COMPARE_AND_DELETE
				: Guarantee.LIST_THEN_DELETE;
	}

}
