package io.kvpurge.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.TransientStoreException;

/**
 * Deletes rows that are still as they were seen: locks them, compares, deletes, in one
 * transaction. A batch in which the database refuses a row is cut in halves until that
 * row is alone.
 */
final class RowDeletion {

	private final JdbcConnections connections;

	private final JdbcTable table;

	private final RowSelection selection;

	RowDeletion(JdbcConnections connections, JdbcTable table, RowReader rows) {
		this.connections = connections;
		this.table = table;
		this.selection = new RowSelection(connections, table, rows);
	}

	/**
	 * Deletes at most as many rows as go into one transaction. What failed for good is
	 * undone too: the cause tells.
	 */
	DeleteResult delete(List<KeyEntry> batch) {
		List<Key> keys = batch.stream().map(KeyEntry::key).toList();
		DeleteResult result = null;
		try (Connection connection = this.connections.connection()) {
			connection.setAutoCommit(false);
			result = inTransaction(connection, batch, keys);
			return result;
		}
		catch (SQLException ex) {
			// Before the commit, or in a rollback: nothing was deleted. A connection that
			// cannot be given back takes nothing from what is known.
			return (result != null) ? result : undone(keys, ex);
		}
	}

	private DeleteResult inTransaction(Connection connection, List<KeyEntry> batch, List<Key> keys)
			throws SQLException {
		DeleteResult result;
		try {
			this.connections.limitSilence(connection);
			result = lockCompareDelete(connection, batch);
		}
		catch (SQLException ex) {
			JdbcConnections.rollback(connection, ex);
			return JdbcFailures.isRefusal(ex) ? bisect(connection, batch, ex) : undone(keys, ex);
		}
		try {
			connection.commit();
			return result;
		}
		catch (SQLException ex) {
			if (JdbcFailures.isDoubtful(ex)) {
				return DeleteResult.allDoubtful(keys, new TransientStoreException(
						"the answer to a commit was lost: " + JdbcFailures.line(ex), ex, null));
			}
			JdbcConnections.rollback(connection, ex);
			return JdbcFailures.isRefusal(ex) ? bisect(connection, batch, ex) : undone(keys, ex);
		}
	}

	private DeleteResult lockCompareDelete(Connection connection, List<KeyEntry> batch) throws SQLException {
		Map<Key, KeyEntry> now = new HashMap<>();
		List<Key> wanted = batch.stream().map(KeyEntry::key).filter(this.table::fits).toList();
		this.selection.select(connection, wanted, true).forEach((entry) -> now.put(entry.key(), entry));
		Map<Key, KeyEntry> unlocked = unlocked(connection, wanted, now.keySet());
		List<Key> deleted = new ArrayList<>(batch.size());
		List<Key> vanished = new ArrayList<>(0);
		List<Key> spared = new ArrayList<>(0);
		Map<Key, String> refused = new HashMap<>(0);
		for (KeyEntry seen : batch) {
			KeyEntry present = now.getOrDefault(seen.key(), unlocked.get(seen.key()));
			if (present == null) {
				vanished.add(seen.key());
			}
			else if (this.table.tellsRewrites() && !Objects.equals(present.version(), seen.version())) {
				spared.add(seen.key());
			}
			else if (unlocked.containsKey(seen.key())) {
				refused.put(seen.key(), "the database shows this row but does not let it be locked");
			}
			else {
				deleted.add(seen.key());
			}
		}
		if (!deleted.isEmpty()) {
			deleteLocked(connection, deleted);
		}
		return new DeleteResult(deleted, vanished, spared, refused, List.of(), List.of(), null);
	}

	/**
	 * Rows that are there though they could not be locked: hidden by row security from
	 * all but readers, or written anew while their predecessor's lock was waited for.
	 */
	private Map<Key, KeyEntry> unlocked(Connection connection, List<Key> wanted, Set<Key> locked) throws SQLException {
		List<Key> missing = wanted.stream().filter((key) -> !locked.contains(key)).toList();
		Map<Key, KeyEntry> unlocked = new HashMap<>();
		this.selection.select(connection, missing, false).forEach((entry) -> unlocked.put(entry.key(), entry));
		return unlocked;
	}

	private void deleteLocked(Connection connection, List<Key> keys) throws SQLException {
		String sql = "delete from " + this.table.quoted() + " where " + this.table.key().quoted() + " = any(?)";
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setQueryTimeout(this.connections.requestSeconds());
			this.table.keyType().bindArray(statement, 1, keys, this.connections.dialect().isH2());
			int count = statement.executeUpdate();
			if (count != keys.size()) {
				throw new SQLException("deleted " + count + " rows in place of " + keys.size()
						+ ": a trigger or rule keeps some of them", "23000");
			}
		}
	}

	private DeleteResult bisect(Connection connection, List<KeyEntry> batch, SQLException refusal) throws SQLException {
		if (batch.size() == 1) {
			return new DeleteResult(List.of(), List.of(), List.of(),
					Map.of(batch.get(0).key(), JdbcFailures.line(refusal)), List.of(), List.of(), null);
		}
		int middle = batch.size() / 2;
		DeleteResult result = DeleteResult.allDeleted(List.of());
		for (List<KeyEntry> half : List.of(batch.subList(0, middle), batch.subList(middle, batch.size()))) {
			List<Key> keys = half.stream().map(KeyEntry::key).toList();
			try {
				result = result.and(inTransaction(connection, half, keys));
			}
			catch (SQLException ex) {
				result = result.and(undone(keys, ex));
			}
		}
		return result;
	}

	private DeleteResult undone(List<Key> keys, SQLException ex) {
		return DeleteResult.allUndone(keys, JdbcFailures.translate("cannot delete from " + this.table.quoted(), ex));
	}

}
