package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoredEntry;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.jdbc.JdbcTable.KeyOrder;

/**
 * A table as a store. Keys are listed by keyset paging, in the order of the key column; a
 * position is a key. Rows are deleted in transactions of one batch each.
 */
final class JdbcStore implements KeyValueStore {

	private static final int PAGE_LIMIT = 10_000;

	private static final int BULK_LIMIT = 2_000;

	private static final String CURSOR_MARK = ">";

	private final JdbcConnections connections;

	private final JdbcTable table;

	private final RowReader rows;

	private final StoreCapabilities capabilities;

	JdbcStore(JdbcConnections connections, JdbcTable table) {
		this.connections = connections;
		this.table = table;
		this.rows = new RowReader(table);
		this.capabilities = new StoreCapabilities(PAGE_LIMIT, BULK_LIMIT, BULK_LIMIT, Integer.MAX_VALUE,
				connections.settleDelay(), abilities(table));
	}

	private static EnumSet<StoreCapability> abilities(JdbcTable table) {
		EnumSet<StoreCapability> abilities = EnumSet.of(StoreCapability.SPLITTABLE, StoreCapability.RESUMABLE,
				StoreCapability.TELLS_VANISHED, StoreCapability.CONDITIONAL_WRITE);
		if (table.hasMetadata()) {
			abilities.add(StoreCapability.METADATA_IN_LISTING);
		}
		if (table.keyOrder() == KeyOrder.BYTES) {
			abilities.add(StoreCapability.ORDERED);
		}
		if (table.tellsRewrites()) {
			abilities.add(StoreCapability.CONDITIONAL_DELETE);
		}
		if (table.value() != null) {
			abilities.add(StoreCapability.VALUES);
		}
		return abilities;
	}

	@Override
	public String identity() {
		return this.table.identity();
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.capabilities;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		prefixes.forEach(this::requirePrefix);
		RangeSplit split = new RangeSplit(this.connections.dialect(), this.table);
		return withConnection("cannot split table", (connection) -> split.split(connection, prefixes, wanted));
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		requirePrefix(range.prefix());
		if (limit < 1 || limit > PAGE_LIMIT) {
			throw new IllegalArgumentException("a page has 1 to " + PAGE_LIMIT + " entries");
		}
		if (!this.table.mayHold(range.prefix())) {
			return new KeyPage(List.of(), null);
		}
		Key after = (from.lastKey() != null) ? from.lastKey() : key(from.cursor());
		KeyCondition condition = condition(range, after);
		String sql = "select " + this.table.selectList() + " from " + this.table.quoted() + condition.where()
				+ " order by " + this.table.key().quoted() + " fetch first " + limit + " rows only";
		return withConnection("cannot list table", (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				condition.bind(statement);
				statement.setFetchSize(limit);
				try (ResultSet result = statement.executeQuery()) {
					return page(result, range.prefix(), limit);
				}
			}
		});
	}

	/** The mark keeps the cursor of an empty key from being empty. */
	private static Cursor cursor(Key key) {
		return new Cursor(CURSOR_MARK + key.text());
	}

	private static @Nullable Key key(@Nullable Cursor cursor) {
		return (cursor != null) ? Key.of(cursor.value().substring(CURSOR_MARK.length())) : null;
	}

	private KeyPage page(ResultSet result, Key prefix, int limit) throws SQLException {
		List<KeyEntry> entries = new ArrayList<>(limit);
		Key last = null;
		int count = 0;
		while (result.next()) {
			KeyEntry entry = this.rows.entry(result);
			last = entry.key();
			count++;
			// The collation may see a prefix where there is none, byte by byte.
			if (last.startsWith(prefix)) {
				entries.add(entry);
			}
		}
		return new KeyPage(entries, (last != null && count == limit) ? cursor(last) : null);
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		return inParts(keys, (connection, part) -> selection().select(connection, part, false));
	}

	@Override
	public List<KeyValue> read(Collection<Key> keys) {
		return inParts(keys, (connection, part) -> selection().selectWithValues(connection, part));
	}

	@Override
	public List<StoredEntry> readStored(Collection<Key> keys) {
		requireTexts();
		return inParts(keys, (connection, part) -> selection().selectStored(connection, part));
	}

	private void requireTexts() {
		if (this.connections.dialect().isH2()) {
			this.table.others().stream().filter(Column::isLostInText).findFirst().ifPresent((column) -> {
				throw new StoreException("column '" + column.name() + "' of type " + column.typeName() + " in table "
						+ this.table.quoted() + " cannot be saved so that it comes back as it was: nothing was deleted"
						+ " without a backup; for this table, make one with the database's own means");
			});
		}
	}

	private RowSelection selection() {
		return new RowSelection(this.connections, this.table, this.rows);
	}

	private <T> List<T> inParts(Collection<Key> keys, Reading<T> reading) {
		List<Key> wanted = keys.stream().filter(this.table::fits).toList();
		return withConnection("cannot read table", (connection) -> {
			List<T> found = new ArrayList<>();
			for (int start = 0; start < wanted.size(); start += BULK_LIMIT) {
				found.addAll(
						reading.read(connection, wanted.subList(start, Math.min(wanted.size(), start + BULK_LIMIT))));
			}
			return found;
		});
	}

	@Override
	public void write(List<KeyValue> entries) {
		RowWriter writer = new RowWriter(this.connections.dialect(), this.table);
		for (int start = 0; start < entries.size(); start += BULK_LIMIT) {
			List<KeyValue> part = entries.subList(start, Math.min(entries.size(), start + BULK_LIMIT));
			withConnection("cannot write to table", (connection) -> {
				writer.write(connection, part);
				return true;
			});
		}
	}

	@Override
	public List<Key> add(List<KeyValue> entries) {
		RowWriter writer = new RowWriter(this.connections.dialect(), this.table);
		List<Key> there = new ArrayList<>();
		for (int start = 0; start < entries.size(); start += BULK_LIMIT) {
			List<KeyValue> part = entries.subList(start, Math.min(entries.size(), start + BULK_LIMIT));
			there.addAll(withConnection("cannot write to table", (connection) -> writer.add(connection, part)));
		}
		return there;
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		RowDeletion deletion = new RowDeletion(this.connections, this.table, this.rows);
		DeleteResult result = DeleteResult.allDeleted(List.of());
		for (int start = 0; start < entries.size(); start += BULK_LIMIT) {
			DeleteResult part = deletion.delete(entries.subList(start, Math.min(entries.size(), start + BULK_LIMIT)));
			result = result.and(part);
			if (part.cause() != null && !(part.cause() instanceof TransientStoreException)) {
				// The rest would fail the same way; what is known so far must not be
				// lost.
				List<KeyEntry> rest = entries.subList(Math.min(entries.size(), start + BULK_LIMIT), entries.size());
				result = result.and(DeleteResult.allUndone(rest.stream().map(KeyEntry::key).toList(), part.cause()));
				break;
			}
		}
		StoreException cause = result.cause();
		if (cause != null && !(cause instanceof TransientStoreException) && result.undone().size() == entries.size()) {
			throw cause;
		}
		return result;
	}

	private KeyCondition condition(KeyRange range, @Nullable Key after) {
		return KeyCondition.of(this.connections.dialect(), this.table, range, after);
	}

	private void requirePrefix(Key prefix) {
		if (this.table.keyType() != KeyType.TEXT && prefix.length() > 0) {
			throw new InvalidStoreException("store: keys of type " + this.table.key().typeName()
					+ " have no prefixes: select \"\" and say which in 'where'");
		}
	}

	private <T> T withConnection(String what, Work<T> work) {
		try (Connection connection = this.connections.connection()) {
			return work.with(connection);
		}
		catch (SQLException ex) {
			throw JdbcFailures.translate(what + " " + this.table.quoted(), ex);
		}
	}

	@Override
	public void close() {
		this.connections.close();
	}

	/** Reads the rows of so many keys as one call may name. */
	@FunctionalInterface
	private interface Reading<T> {

		List<T> read(Connection connection, List<Key> keys) throws SQLException;

	}

	/** Something to do with a connection. */
	@FunctionalInterface
	private interface Work<T> {

		T with(Connection connection) throws SQLException;

	}

}
