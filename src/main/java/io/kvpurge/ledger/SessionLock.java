package io.kvpurge.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The ownership of something that has a name in a PostgreSQL database: an advisory lock
 * that a session of its own holds. The server gives the lock back when the session ends:
 * at once where the process dies, and where it is frozen or no packet comes through any
 * more after a while, since the server ends a session that was silent for so long.
 */
final class SessionLock implements AutoCloseable {

	private static final String SESSION = """
			select set_config('idle_session_timeout', '%1$d', false),
				set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '5', false),
				set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '%1$d', false)""";

	/** The high and the low half of the key, as the server shows it. */
	private static final String HELD = """
			select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 1
				and database = (select oid from pg_database where datname = current_database())
				and classid = ((? >> 32) & 4294967295)::bigint::oid and objid = (? & 4294967295)::bigint::oid""";

	private final Connection session;

	private final long key;

	private SessionLock(Connection session, long key) {
		this.session = session;
		this.key = key;
	}

	/**
	 * Takes the lock, and closes the session if that fails.
	 * @param name what is owned
	 * @param silence after so long without a proof the server ends the session
	 * @return null if somebody else holds it
	 */
	static @Nullable SessionLock take(Connection session, String name, Duration silence) throws SQLException {
		long key = key(name);
		boolean taken = false;
		try (Statement settings = session.createStatement();
				PreparedStatement lock = session.prepareStatement("select pg_try_advisory_lock(?)")) {
			settings.execute(SESSION.formatted(silence.toMillis()));
			lock.setLong(1, key);
			try (ResultSet row = lock.executeQuery()) {
				taken = row.next() && row.getBoolean(1);
			}
		}
		finally {
			if (!taken) {
				session.close();
			}
		}
		return taken ? new SessionLock(session, key) : null;
	}

	/** Whether anybody holds the lock of this name. */
	static boolean isHeld(Connection connection, String name) throws SQLException {
		return isHeld(connection, key(name), HELD);
	}

	private static boolean isHeld(Connection connection, long key, String query) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(query)) {
			statement.setLong(1, key);
			statement.setLong(2, key);
			try (ResultSet row = statement.executeQuery()) {
				return row.next() && row.getInt(1) > 0;
			}
		}
	}

	/**
	 * Writes down, in the session that holds the lock, that its holder is alive.
	 * @param sign an update that changes a row as long as nobody else is the owner
	 * @return false if it changed none
	 * @throws FencedException if the session or its lock is lost
	 */
	synchronized boolean prove(RunFence fence, String sign, Object... parameters) {
		try {
			if (!isHeld(this.session, this.key, HELD + " and pid = pg_backend_pid()")) {
				throw new FencedException(fence, "its lock is not this session's any more "
						+ "(a pooler between here and PostgreSQL hands sessions around?)");
			}
			try (PreparedStatement statement = this.session.prepareStatement(sign)) {
				for (int i = 0; i < parameters.length; i++) {
					statement.setObject(i + 1, parameters[i]);
				}
				return statement.executeUpdate() > 0;
			}
		}
		catch (SQLException ex) {
			throw new FencedException(fence,
					"the session that holds its lock was lost (" + LedgerException.firstLine(ex) + ")");
		}
	}

	/** Names are short; two of them never share a key by chance. */
	static long key(String name) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256")
				.digest(("kvpurge/" + name).getBytes(StandardCharsets.UTF_8));
			return ByteBuffer.wrap(hash).getLong();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Gives the lock back: others can have it when this returns. */
	@Override
	public synchronized void close() {
		try (Connection closed = this.session;
				PreparedStatement unlock = closed.prepareStatement("select pg_advisory_unlock(?)")) {
			unlock.setLong(1, this.key);
			unlock.execute();
		}
		catch (SQLException ex) {
			// The session is gone, and the lock with it.
		}
	}

}
