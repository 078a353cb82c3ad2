package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.SimulatedNamespace;
import io.kvpurge.testkit.RedisServer;

/** A store that all keys are to be deleted from, and what may go wrong with it. */
abstract class TroubledStore implements AutoCloseable {

	static final String KILLED = "killed with SIGKILL at half";

	private static final String CUT = "all connections are cut at half";

	final int keys;

	final Path folder;

	private final Map<String, String> ways = new LinkedHashMap<>();

	TroubledStore(int keys, Path folder) {
		this.keys = keys;
		this.folder = folder;
	}

	static TroubledStore of(String name, int keys, Path folder) throws Exception {
		return switch (name) {
			case "redis" -> new Redis(keys, folder);
			case "cloudflare" -> new Cloudflare(keys, folder);
			default -> new Postgresql(keys, folder);
		};
	}

	abstract List<String> troubles();

	/** Makes it anew, with a trouble that is there from the beginning. */
	abstract void fill(String trouble) throws Exception;

	abstract void cutConnections() throws Exception;

	abstract long left();

	Map<String, String> environment() {
		return Map.of();
	}

	void way(String name, String line) {
		this.ways.put(name, line);
	}

	List<String> ways() {
		return List.copyOf(this.ways.keySet());
	}

	/** The line of shell, or for kvpurge the definition. */
	String line(String way) {
		return Objects.requireNonNull(this.ways.get(way));
	}

	/** A user who may do everything, but for some keys where that is the trouble. */
	private static final class Redis extends TroubledStore {

		private static final String FORBIDDEN = "one key of ten is forbidden to the user";

		private final RedisServer server = RedisServer.start();

		private final RedisData data = new RedisData(this.server.url(0));

		Redis(int keys, Path folder) throws IOException, InterruptedException {
			super(keys, folder);
			String url = this.server.url(0);
			RedisScenario.ways(url.replace("//", "//bench:secret@")).forEach(this::way);
			way("kvpurge", RedisScenario.definition(url, ", username: bench, password: \"${BENCH_PASSWORD}\"", ""));
		}

		@Override
		List<String> troubles() {
			return List.of(KILLED, CUT, FORBIDDEN);
		}

		@Override
		Map<String, String> environment() {
			return Map.of("BENCH_PASSWORD", "secret");
		}

		@Override
		void fill(String trouble) {
			this.data.user("bench", "secret", trouble.equals(FORBIDDEN) ? "~purge:*[0-8]" : "~*");
			this.data.fill(this.keys, 100);
		}

		@Override
		void cutConnections() {
			this.data.cutOthers();
		}

		@Override
		long left() {
			return this.data.size();
		}

		@Override
		public void close() {
			this.data.close();
			this.server.stop();
		}

	}

	/** A table, with one row that another one refers to where that is the trouble. */
	private static final class Postgresql extends TroubledStore {

		private static final String REFERRED = "another table refers to one row";

		private final SqlDatabase database;

		Postgresql(int keys, Path folder) throws SQLException, IOException {
			super(keys, folder);
			this.database = SqlDatabase.of("postgresql", folder);
			this.database.fill(keys);
			new SqlScenario("postgresql", this.database, folder).ways(100).forEach(this::way);
		}

		@Override
		List<String> troubles() {
			return List.of(KILLED, CUT, REFERRED);
		}

		@Override
		void fill(String trouble) throws Exception {
			SqlDatabase.execute(this.database.url(), "drop table if exists referring");
			this.database.reset();
			if (trouble.equals(REFERRED)) {
				SqlDatabase.execute(this.database.url(), "create table referring (name text references entries)",
						"insert into referring select name from entries where name like '%7777'  limit 1");
			}
		}

		@Override
		void cutConnections() throws SQLException {
			SqlDatabase.execute(this.database.url(), "select pg_terminate_backend(pid) from pg_stat_activity "
					+ "where pid <> pg_backend_pid() and backend_type = 'client backend'");
		}

		@Override
		long left() {
			try {
				return this.database.size();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			// The server ends with this process.
		}

	}

	/** A namespace that takes few requests, or does not delete some keys. */
	private static final class Cloudflare extends TroubledStore {

		private static final String THROTTLED = "the service takes 30 requests in 5 s, then answers 429";

		private static final String REFUSED = "ten keys are not deleted (status 200, unsuccessful_keys)";

		private @Nullable SimulatedNamespace namespace;

		Cloudflare(int keys, Path folder) throws IOException, InterruptedException {
			super(keys, folder);
			CloudflareScenario.ways(100, folder).forEach(this::way);
		}

		@Override
		List<String> troubles() {
			return List.of(KILLED, THROTTLED, REFUSED);
		}

		@Override
		void fill(String trouble) throws IOException {
			close();
			int requests = trouble.equals(THROTTLED) ? 30 : 0;
			this.namespace = SimulatedNamespace.start(this.keys,
					new SimulatedNamespace.Shape(10, 100, requests, Duration.ofSeconds(5)));
			for (int i = 0; trouble.equals(REFUSED) && i < 10; i++) {
				this.namespace.refuse(i * 1_000 + 7);
			}
		}

		@Override
		Map<String, String> environment() {
			return Objects.requireNonNull(this.namespace).environment();
		}

		@Override
		void cutConnections() {
			throw new UnsupportedOperationException();
		}

		@Override
		long left() {
			return Objects.requireNonNull(this.namespace).size();
		}

		@Override
		public void close() {
			if (this.namespace != null) {
				this.namespace.close();
			}
		}

	}

}
