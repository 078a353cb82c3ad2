package io.kvpurge.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.jdbc.JdbcTable.KeyOrder;

/** The part of a statement that says which keys are meant. */
final class KeyCondition {

	private final KeyType keyType;

	private final List<String> terms = new ArrayList<>();

	private final List<Object> values = new ArrayList<>();

	private KeyCondition(KeyType keyType) {
		this.keyType = keyType;
	}

	/**
	 * The keys of a range that are behind a key.
	 * @param after null for all keys of the range
	 */
	static KeyCondition of(Dialect dialect, JdbcTable table, KeyRange range, @Nullable Key after) {
		KeyCondition condition = new KeyCondition(table.keyType());
		String key = table.key().quoted();
		if (after != null || range.after() != null) {
			condition.term(key + " > ?", (after != null) ? after : range.after());
		}
		if (range.upTo() != null) {
			condition.term(key + " <= ?", range.upTo());
		}
		String prefix = range.prefix().isText() ? range.prefix().text() : "";
		if (!prefix.isEmpty()) {
			condition.prefix(dialect.likeOperand(table.key(), table.keyOrder()), key, prefix, table.keyOrder());
		}
		return condition;
	}

	private void prefix(String operand, String key, String prefix, KeyOrder order) {
		String escaped = prefix.replace("!", "!!").replace("%", "!%").replace("_", "!_");
		this.terms.add(operand + " like ? escape '!'");
		this.values.add(escaped + "%");
		if (order == KeyOrder.OTHER) {
			return;
		}
		this.terms.add(key + " >= ?");
		this.values.add(prefix);
		int last = prefix.codePointBefore(prefix.length());
		// From U+FFFF on, code units and code points are sorted differently; LIKE alone
		// does.
		if (last < 0xFFFE && last + 1 != Character.MIN_SURROGATE) {
			String rest = prefix.substring(0, prefix.length() - Character.charCount(last));
			this.terms.add(key + " < ?");
			this.values.add(rest + Character.toString(last + 1));
		}
	}

	private void term(String term, @Nullable Key key) {
		if (key != null) {
			this.terms.add(term);
			this.values.add(this.keyType.value(key.text()));
		}
	}

	/** The clause, with a space before it; empty if all keys are meant. */
	String where() {
		return this.terms.isEmpty() ? "" : " where " + String.join(" and ", this.terms);
	}

	/** Sets the statement's first parameters. */
	void bind(PreparedStatement statement) throws SQLException {
		for (int i = 0; i < this.values.size(); i++) {
			statement.setObject(i + 1, this.values.get(i));
		}
	}

}
