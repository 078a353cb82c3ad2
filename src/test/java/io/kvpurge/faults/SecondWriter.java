package io.kvpurge.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Another user of the table, who knows nothing of the purge: rewrites entries, touches
 * them, adds some, writes some anew that may be gone.
 */
final class SecondWriter implements AutoCloseable {

	/** How the journal names it. */
	static final String NAME = "writer";

	/** Of so many keys it minds one. */
	private static final int STEP = 5;

	/** Of those, it writes one in so many whether they are there or not. */
	static final int REBORN = 50;

	private static final String UPDATE = "update entries set metadata = ?::jsonb, version = version + 1 where name = ?";

	private static final String TOUCH = "update entries set version = version + 1 where name = ?";

	private static final String UPSERT = """
			insert into entries (metadata, name, version) values (?::jsonb, ?, 1)
			on conflict (name) do update set metadata = excluded.metadata, version = entries.version + 1""";

	private final Scene scene;

	private final Random random;

	private final Thread thread = new Thread(this::write, "second-writer");

	private volatile boolean ended;

	private volatile Exception failure;

	private int added;

	private long changes;

	SecondWriter(Scene scene, long seed) {
		this.scene = scene;
		this.random = new Random(seed);
	}

	void start() {
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void write() {
		try (Connection connection = this.scene.connect(NAME)) {
			while (!this.ended) {
				this.changes += change(connection);
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.random.nextInt(8)));
			}
		}
		catch (SQLException ex) {
			this.failure = ex;
		}
	}

	private int change(Connection connection) throws SQLException {
		int number = this.random.nextInt(Scene.KEYS / STEP) * STEP;
		String key = Scene.key(number);
		if (number % REBORN == 0) {
			return update(connection, UPSERT, Scene.metadata(false), key);
		}
		return switch (this.random.nextInt(4)) {
			case 0 -> update(connection, UPDATE, Scene.metadata(false), key);
			case 1 -> update(connection, UPDATE, Scene.metadata(true), key);
			case 2 -> update(connection, TOUCH, key);
			default ->
				update(connection, UPSERT, Scene.metadata(this.random.nextBoolean()), key + "/new" + this.added++);
		};
	}

	private static int update(Connection connection, String sql, String... texts) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < texts.length; i++) {
				statement.setString(i + 1, texts[i]);
			}
			return statement.executeUpdate();
		}
	}

	/** Rewrites every entry, this once, so that none matches. */
	static void rewriteAll(Connection connection) throws SQLException {
		update(connection, "update entries set metadata = ?::jsonb, version = version + 1", Scene.metadata(false));
	}

	/** How many rows it has changed; to be asked when it has ended. */
	long changes() {
		return this.changes;
	}

	@Override
	public void close() {
		this.ended = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		if (this.failure != null) {
			throw new IllegalStateException("the second writer failed", this.failure);
		}
	}

}
