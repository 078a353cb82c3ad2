package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.jdbc.JdbcTable.KeyOrder;

/** Where databases differ. */
interface Dialect {

	/**
	 * The dialect for a URL.
	 * @throws InvalidStoreException if there is none
	 */
	static Dialect of(JdbcUrl url) {
		return switch (url.product()) {
			case "h2" -> new H2Dialect();
			case "postgresql" -> new PostgresqlDialect();
			default -> throw new InvalidStoreException("store: 'url' " + url
					+ " names no database that this version knows: expected jdbc:h2:... or jdbc:postgresql:...");
		};
	}

	boolean isH2();

	/**
	 * The URL that is opened.
	 * @param create whether a missing embedded database shall be made
	 */
	String openUrl(String url, boolean create);

	Map<String, String> driverProperties();

	/** Which database it is, the same text wherever it is opened from. */
	String identity(Connection connection, JdbcUrl url) throws SQLException;

	/** Whether the database may go on with a transaction whose client has died. */
	boolean outlivesClients(JdbcUrl url);

	/**
	 * Lets the database take back a transaction, just begun, whose client says nothing
	 * for so long: one that stands still must neither keep its locks nor commit long
	 * after.
	 */
	void limitSilence(Connection connection, Duration longest) throws SQLException;

	/** How the key column is sorted. */
	KeyOrder keyOrder(Connection connection, String schema, String table, Column key) throws SQLException;

	/**
	 * Why a value of the key column may stand in several rows: what the column "is not".
	 * @return null if it cannot
	 */
	@Nullable String whyNotUnique(Connection connection, String schema, String table, Column key) throws SQLException;

	/** Whether the key column finds texts equal only where their bytes are. */
	boolean comparesExactly(Connection connection, String schema, String table, Column key) throws SQLException;

	/** What runs at a delete in this table, by name. */
	List<String> deleteTriggers(Connection connection, String schema, String table) throws SQLException;

	/** The foreign keys through which a delete in this table reaches other rows. */
	List<Reaction> reactions(Connection connection, String schema, String table) throws SQLException;

	/** The tables that this one is made of, if it is partitioned. */
	List<TableName> partitions(Connection connection, String schema, String table) throws SQLException;

	/** The key column as LIKE shall see it. */
	String likeOperand(Column key, KeyOrder order);

	/** A parameter for this column. */
	String placeholder(Column column);

	/** A statement that writes a row with these columns, the key first. */
	String upsert(String table, List<Column> columns, List<String> values);

	/**
	 * A statement that writes a row with these columns, the key first, if there is none
	 * with its key. {@link #isH2() H2}'s has one parameter more, before all others: the
	 * key.
	 */
	String insertAbsent(String table, List<Column> columns, List<String> values);

	/** The type of a column that {@code load} makes, for an option's name. */
	String createdType(String option);

	/**
	 * A foreign key that changes or deletes rows when those that they refer to go.
	 *
	 * @param name the foreign key
	 * @param schema the schema of the table whose rows refer
	 * @param table that table
	 * @param deletes whether its rows are deleted, and not only changed
	 */
	record Reaction(String name, String schema, String table, boolean deletes) {

	}

}
