package io.kvpurge.ledger;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.springframework.jdbc.core.simple.JdbcClient;

import io.kvpurge.store.Key;

/**
 * Changes the rows of one sealed run by chance, as somebody would who knows their form:
 * in half of the cases with all hashes made to fit, but for the seal.
 */
final class LedgerMutator {

	/** What no hash covers: who may write, signs of life, and when a run was pruned. */
	private static final Set<String> UNCOVERED = Set.of("fence", "pruned_at", "alive_at", "progress", "first_seen_at",
			"stage", "purge_definition.name");

	private static final Map<String, List<String>> KEYS = Map.of("purge_run", List.of("name", "number"),
			"purge_attempt", List.of("name", "number", "attempt"), "purge_range", List.of("name", "number", "range_no"),
			"purge_call", List.of("name", "number", "range_no", "sequence"), "purge_definition", List.of("digest"));

	private final JdbcClient jdbc;

	private final Random random;

	private final RunId run;

	LedgerMutator(JdbcClient jdbc, Random random, RunId run) {
		this.jdbc = jdbc;
		this.random = random;
		this.run = run;
	}

	/** Does one thing to the rows of the run; says what. */
	String mutate() {
		String what = switch (this.random.nextInt(10)) {
			case 0 -> drop();
			case 1 -> copy();
			case 2 -> swapCalls();
			case 3 -> truncate();
			default -> change();
		};
		if (this.random.nextBoolean()) {
			makeHashesFit();
			return what + ", and its hashes made to fit";
		}
		return what;
	}

	private String change() {
		List<String> tables = List.of("purge_call", "purge_call", "purge_call", "purge_range", "purge_range",
				"purge_run", "purge_attempt", "purge_definition");
		String table = pick(tables);
		Map<String, Object> row = row(table);
		if (row == null) {
			return "nothing to change in " + table;
		}
		List<String> columns = new ArrayList<>(row.keySet());
		columns.removeIf((column) -> UNCOVERED.contains(column) || UNCOVERED.contains(table + "." + column)
				|| column.equals("name") || column.equals("number") || column.equals("digest")
				|| (table.equals("purge_run") && column.equals("seal")));
		String column = pick(columns);
		Object value = changed(row.get(column));
		update(table, row, column, value);
		return table + "." + column + ": " + row.get(column) + " -> " + value;
	}

	private Object changed(Object value) {
		if (this.random.nextInt(8) == 0) {
			return null;
		}
		if (value instanceof Integer || value instanceof Long) {
			long number = ((Number) value).longValue();
			long other = this.random.nextBoolean() ? number + this.random.nextInt(3) - 1 : this.random.nextInt(100);
			return (value instanceof Integer) ? (Object) (int) other : (Object) other;
		}
		if (value instanceof Boolean flag) {
			return !flag;
		}
		if (value instanceof OffsetDateTime time) {
			return time.plus(this.random.nextBoolean() ? 1 : this.random.nextLong(1L << 40), ChronoUnit.MICROS);
		}
		if (value instanceof byte[] packed) {
			return changedKeys(packed);
		}
		return changedText((String) value);
	}

	private String changedText(String text) {
		if (text == null || text.isEmpty()) {
			return "x";
		}
		int place = this.random.nextInt(text.length());
		char other = pick(List.of('0', 'a', '1', '"', 'ö', ' '));
		return switch (this.random.nextInt(4)) {
			case 0 -> text + other;
			case 1 -> text.substring(0, place) + text.substring(place + 1);
			default -> text.substring(0, place) + other + text.substring(place + 1);
		};
	}

	private byte[] changedKeys(byte[] packed) {
		if (this.random.nextInt(4) == 0) {
			byte[] flipped = packed.clone();
			flipped[this.random.nextInt(flipped.length)] ^= (byte) (1 << this.random.nextInt(8));
			return flipped;
		}
		List<Key> keys = new ArrayList<>(KeyCodec.unpack(ByteBuffer.wrap(packed)));
		int place = this.random.nextInt(keys.size());
		switch (this.random.nextInt(4)) {
			case 0 -> keys.remove(place);
			case 1 -> keys.add(place, keys.get(place));
			case 2 -> Collections.swap(keys, place, this.random.nextInt(keys.size()));
			default -> keys.set(place, Key.of(changedText(keys.get(place).toString())));
		}
		return KeyCodec.pack(keys);
	}

	private String drop() {
		String table = pick(List.of("purge_call", "purge_call", "purge_range", "purge_attempt"));
		Map<String, Object> row = row(table);
		if (row == null) {
			return "nothing to drop in " + table;
		}
		if (table.equals("purge_range")) {
			delete("purge_call",
					Map.of("name", row.get("name"), "number", row.get("number"), "range_no", row.get("range_no")));
		}
		delete(table, keyOf(table, row));
		return "dropped " + keyOf(table, row) + " of " + table;
	}

	private String copy() {
		String table = pick(List.of("purge_call", "purge_call", "purge_range", "purge_attempt"));
		Map<String, Object> row = row(table);
		if (row == null) {
			return "nothing to copy in " + table;
		}
		Map<String, Object> copy = new LinkedHashMap<>(row);
		List<String> keys = KEYS.get(table);
		String last = keys.get(keys.size() - 1);
		copy.put(last, (int) row.get(last) + 1 + this.random.nextInt(6));
		if (table.equals("purge_call") && this.random.nextBoolean()) {
			copy.put("range_no", row("purge_range").get("range_no"));
		}
		this.jdbc
			.sql("insert into " + table + " (" + String.join(", ", copy.keySet()) + ") values ("
					+ String.join(", ", Collections.nCopies(copy.size(), "?")) + ")")
			.params(new ArrayList<>(copy.values()))
			.update();
		return "copied " + keyOf(table, row) + " of " + table + " to " + keyOf(table, copy);
	}

	private String swapCalls() {
		Map<String, Object> one = row("purge_call");
		Map<String, Object> other = row("purge_call");
		if (one == null || other == null) {
			return "nothing to swap";
		}
		for (Map<String, Object> row : List.of(one, other)) {
			Map<String, Object> values = new LinkedHashMap<>((row == one) ? other : one);
			values.keySet().removeAll(KEYS.get("purge_call"));
			List<Object> all = new ArrayList<>(values.values());
			all.addAll(keyOf("purge_call", row).values());
			this.jdbc
				.sql("update purge_call set " + String.join(" = ?, ", values.keySet())
						+ " = ? where name = ? and number = ? and range_no = ? and sequence = ?")
				.params(all)
				.update();
		}
		return "swapped " + keyOf("purge_call", one) + " and " + keyOf("purge_call", other);
	}

	private String truncate() {
		Map<String, Object> row = row("purge_call");
		if (row == null) {
			return "nothing to truncate";
		}
		this.jdbc.sql("delete from purge_call where name = ? and number = ? and range_no = ? and sequence >= ?")
			.params(row.get("name"), row.get("number"), row.get("range_no"), row.get("sequence"))
			.update();
		return "truncated at " + keyOf("purge_call", row);
	}

	/** Every hash of the run but the seal, as the rows would have it. */
	private void makeHashesFit() {
		PurgeCallTable calls = new PurgeCallTable(this.jdbc);
		PurgeRangeTable ranges = new PurgeRangeTable(this.jdbc);
		for (StoredRange range : ranges.all(this.run)) {
			String[] previous = { CallHashes.start(this.run, range.number()) };
			List<StoredCall> all = new ArrayList<>();
			calls.each(this.run, range.number(), all::add);
			for (StoredCall call : all) {
				previous[0] = makeHashesFit(call, previous[0]);
			}
			RangeChain chain = (range.prunedChain() != null) ? range.prunedChain()
					: calls.chain(this.run, range.number());
			ranges.seal(range, CallHashes.range(range, chain));
		}
	}

	private String makeHashesFit(StoredCall call, String previous) {
		List<Key> keys;
		try {
			keys = KeyCodec.unpack(call.packedKeys());
		}
		catch (IllegalArgumentException ex) {
			return call.announcedHash();
		}
		String announced = CallHashes.announced(previous, this.run, call.range(), call.sequence(), call.attempt(),
				call.announcedAt(), keys);
		String settled = (call.isSettled() && call.outcomes() != null && call.reasons() != null)
				? CallHashes.settled(announced, call.outcomes(), call.reasons(), call.settledAt()) : call.settledHash();
		this.jdbc.sql("""
				update purge_call set announced_hash = ?, settled_hash = ?, key_count = ?
				where name = ? and number = ? and range_no = ? and sequence = ?""")
			.params(Arrays.asList(announced, settled, keys.size(), this.run.definition(), this.run.number(),
					call.range(), call.sequence()))
			.update();
		return announced;
	}

	/** What the hashes should cover, as text. */
	String covered() {
		StringBuilder text = new StringBuilder();
		for (String table : List.of("purge_run", "purge_attempt", "purge_range", "purge_call", "purge_definition")) {
			for (Map<String, Object> row : rows(table)) {
				row.forEach((column, value) -> {
					if (!UNCOVERED.contains(column) && !UNCOVERED.contains(table + "." + column)) {
						text.append(column).append('=').append(text(value)).append('|');
					}
				});
				text.append('\n');
			}
		}
		return text.toString();
	}

	/** Other bytes that hold the same keys say the same. */
	private static String text(Object value) {
		if (!(value instanceof byte[] packed)) {
			return (value instanceof OffsetDateTime time) ? time.toInstant().toString() : String.valueOf(value);
		}
		try {
			return KeyCodec.unpack(ByteBuffer.wrap(packed)).stream().map(Key::base64).toList().toString();
		}
		catch (IllegalArgumentException ex) {
			return Arrays.toString(packed);
		}
	}

	private Map<String, Object> row(String table) {
		List<Map<String, Object>> rows = rows(table);
		return rows.isEmpty() ? null : pick(rows);
	}

	private List<Map<String, Object>> rows(String table) {
		boolean isDefinition = table.equals("purge_definition");
		return this.jdbc
			.sql("select * from " + table + " where name = ?" + (isDefinition ? "" : " and number = ?") + " order by "
					+ String.join(", ", KEYS.get(table)))
			.params(isDefinition ? List.of(this.run.definition()) : List.of(this.run.definition(), this.run.number()))
			.query(LedgerMutator::values)
			.list();
	}

	private static Map<String, Object> values(ResultSet row, int index) throws SQLException {
		Map<String, Object> values = new LinkedHashMap<>();
		for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
			String type = row.getMetaData().getColumnTypeName(i).toUpperCase();
			Object value = type.contains("CHAR") || type.equals("TEXT") ? row.getString(i)
					: type.contains("BINARY") || type.equals("BYTEA") ? row.getBytes(i)
							: type.contains("TIMESTAMP") ? row.getObject(i, OffsetDateTime.class) : row.getObject(i);
			values.put(row.getMetaData().getColumnName(i).toLowerCase(), value);
		}
		return values;
	}

	private static Map<String, Object> keyOf(String table, Map<String, Object> row) {
		Map<String, Object> key = new LinkedHashMap<>();
		KEYS.get(table).forEach((column) -> key.put(column, row.get(column)));
		return key;
	}

	/** State and settled hash of a call belong together, by a check of the table. */
	private void update(String table, Map<String, Object> row, String column, Object value) {
		Map<String, Object> key = keyOf(table, row);
		String set = column + " = ?";
		if (table.equals("purge_call") && column.equals("settled_hash") && value == null) {
			set += ", state = 'ANNOUNCED'";
		}
		List<Object> values = new ArrayList<>();
		values.add(value);
		values.addAll(key.values());
		this.jdbc.sql("update " + table + " set " + set + " where " + String.join(" = ? and ", key.keySet()) + " = ?")
			.params(values)
			.update();
	}

	private void delete(String table, Map<String, Object> key) {
		this.jdbc.sql("delete from " + table + " where " + String.join(" = ? and ", key.keySet()) + " = ?")
			.params(new ArrayList<>(key.values()))
			.update();
	}

	private <T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

}
