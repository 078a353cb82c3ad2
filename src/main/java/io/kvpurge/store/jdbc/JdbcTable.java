package io.kvpurge.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/**
 * The table that holds the entries, as it was found.
 *
 * @param identity which table of which database it is
 * @param quoted its name as it stands in SQL
 * @param key the key column
 * @param keyType what keys are
 * @param keyOrder how the database sorts keys
 * @param comparesExactly whether the database tells any two keys apart
 * @param holdsNul whether text may hold U+0000
 * @param value the value column, null if there is none
 * @param metadata the JSON column, null if there is none
 * @param columns columns seen as metadata fields
 * @param expiration the expiry column, null if there is none
 * @param version the column that changes with each rewrite, null if there is none
 * @param others every column but the key and the value, as the database spells them,
 * without those that it computes
 */
record JdbcTable(String identity, String quoted, Column key, KeyType keyType, KeyOrder keyOrder,
		boolean comparesExactly, boolean holdsNul, @Nullable Column value, @Nullable Column metadata,
		List<Column> columns, @Nullable Column expiration, @Nullable Column version, List<Column> others) {

	JdbcTable {
		columns = List.copyOf(columns);
		others = List.copyOf(others);
	}

	/** How the database sorts keys. */
	enum KeyOrder {

		/** By unsigned bytes, as {@link io.kvpurge.store.Key#compareTo} does. */
		BYTES,
		/** In some other way that keeps keys with a common prefix together. */
		PREFIXES_TOGETHER,
		/** In some way. */
		OTHER

	}

	/** Whether there can be such a key in this table. */
	boolean fits(Key key) {
		return mayHold(key) && this.keyType.fits(key) && this.key.holds(key);
	}

	/** Whether some key of this table may begin so. */
	boolean mayHold(Key prefix) {
		return prefix.isText() && (this.holdsNul || prefix.text().indexOf('\0') < 0);
	}

	/**
	 * What is read of a row: the key first, and what {@link RowReader} wants behind it.
	 */
	List<Column> readColumns() {
		List<Column> read = new ArrayList<>();
		read.add(this.key);
		if (this.metadata != null) {
			read.add(this.metadata);
		}
		read.addAll(this.columns);
		if (this.expiration != null) {
			read.add(this.expiration);
		}
		if (this.version != null) {
			read.add(this.version);
		}
		return read;
	}

	/** The columns that are read, as a select names them. */
	String selectList() {
		return readColumns().stream().map(Column::quoted).collect(Collectors.joining(", "));
	}

	/** Whether a row shows that it was rewritten. */
	boolean tellsRewrites() {
		return this.version != null || hasMetadata() || this.expiration != null;
	}

	boolean hasMetadata() {
		return this.metadata != null || !this.columns.isEmpty();
	}

}
