package io.kvpurge.ledger;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/**
 * A row of {@code purge_call}, its keys still packed.
 *
 * @param run the run
 * @param range the range's number
 * @param sequence counted from 1 within the range
 * @param attempt the run's attempt that announced it
 * @param isSettled whether it is marked as settled
 * @param keyCount how many keys it says it has
 * @param packedKeys the keys
 * @param outcomes what became of them, null while it is in doubt
 * @param reasons why keys were refused, as JSON, null while it is in doubt
 * @param counts how often each outcome stands in it
 * @param announcedAt when it was announced
 * @param settledAt when it was settled, null while it is in doubt
 * @param announcedHash chains it to the call before it
 * @param settledHash covers the outcomes as well, null while it is in doubt
 */
record StoredCall(RunId run, int range, int sequence, int attempt, boolean isSettled, int keyCount,
		ByteBuffer packedKeys, @Nullable String outcomes, @Nullable String reasons, OutcomeCounts counts,
		Instant announcedAt, @Nullable Instant settledAt, String announcedHash, @Nullable String settledHash) {

	static StoredCall of(ResultSet row, int index) throws SQLException {
		OutcomeCounts counts = new OutcomeCounts(row.getInt("deleted"), row.getInt("inferred"), row.getInt("vanished"),
				row.getInt("spared"), row.getInt("refused"), row.getInt("left_over"));
		return new StoredCall(new RunId(row.getString("name"), row.getInt("number")), row.getInt("range_no"),
				row.getInt("sequence"), row.getInt("attempt"), row.getString("state").equals("SETTLED"),
				row.getInt("key_count"), ByteBuffer.wrap(row.getBytes("keys_packed")), row.getString("outcomes"),
				row.getString("reasons"), counts, Timestamps.get(row, "announced_at"),
				Timestamps.find(row, "settled_at"), row.getString("announced_hash"), row.getString("settled_hash"));
	}

	/**
	 * The call.
	 * @throws IllegalArgumentException if keys or outcomes are not what was written
	 */
	LedgerCall call() {
		List<Key> keys = KeyCodec.unpack(this.packedKeys);
		List<KeyOutcome> parsed = (this.outcomes != null)
				? OutcomeCodec.parse(this.outcomes, LedgerJson.texts(this.reasons), keys.size()) : List.of();
		return new LedgerCall(this.run, this.range, this.sequence, this.attempt, keys, this.announcedAt, this.settledAt,
				parsed, this.announcedHash, this.settledHash);
	}

}
