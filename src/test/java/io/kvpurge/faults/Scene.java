package io.kvpurge.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.awaitility.Awaitility;

import io.kvpurge.store.Key;
import io.kvpurge.testkit.PostgresqlServer;

/**
 * The table that is purged, in a real PostgreSQL, whose triggers write down every change
 * and who made it.
 */
final class Scene {

	/** The definition's. */
	static final String NAME = "faults";

	/** As whom the journal names a test that changes the table itself. */
	static final String TEST = "test";

	/** How many keys there are at the beginning. */
	static final int KEYS = 2400;

	static final int KEYS_IN_PREFIX = 400;

	static final int PREFIXES = KEYS / KEYS_IN_PREFIX;

	/** Where the store refuses keys, it is these. */
	private static final int REFUSED = 101;

	private static final String RULE = "metadata.n % 3 == 0 && timestamp(metadata.at) < asOf";

	private static final String KEEP = "metadata.field('pinned') == true";

	/** Long before and long after whatever the clocks of a trial say. */
	private static final String PAST = "2020-01-01T00:00:00Z";

	private static final String SESSIONS = "select pid::text from pg_stat_activity where application_name = 'kvpurge'";

	private final String url = PostgresqlServer.newDatabaseUrl();

	/** Sessions that are of nobody's child here. */
	private Set<String> strangers = Set.of();

	/**
	 * The definition whose rule {@code matches} is in SQL.
	 * @param judged whether everything is found before anything is deleted
	 */
	String definition(boolean judged) {
		List<String> prefixes = new ArrayList<>();
		for (int i = 0; i < PREFIXES; i++) {
			prefixes.add("\"p" + i + "/\"");
		}
		return """
				version: 1
				name: faults
				store:
				  type: jdbc
				  url: "%s"
				  table: entries
				  key: name
				  metadata: metadata
				  version: version
				  allow: [journal]
				select:
				  prefixes: %s
				  where: "%s"
				keep: "%s"
				partitions: 3
				limits: {max-fraction: %s}
				""".formatted(this.url, prefixes, RULE, KEEP, judged ? "0.9" : "1");
	}

	static String key(int n) {
		return "p%d/%05d".formatted(n / KEYS_IN_PREFIX, n);
	}

	static boolean isRefused(Key key) {
		return key.text().matches("p[0-9]/[0-9]{5}") && Integer.parseInt(key.text().substring(3)) % REFUSED == 0;
	}

	/**
	 * Makes the table anew.
	 * @param collation of its key
	 * @param future a time that comes after the run's asOf
	 */
	void fill(String collation, String future) throws SQLException {
		try (Connection connection = connect("filler")) {
			this.strangers = Set.copyOf(texts(connection, SESSIONS));
			execute(connection, """
					drop table if exists entries, initial, journal cascade;
					drop function if exists matches, write_journal;
					create table entries (name text collate "%s" primary key, metadata jsonb, version bigint not null);
					create table journal (place bigserial primary key, name text not null, operation text not null,
						before jsonb, after jsonb, who text not null);
					create function matches(m jsonb) returns boolean language sql as $$
						select coalesce(jsonb_typeof(m -> 'n') = 'number' and (m ->> 'n')::bigint %% 3 = 0
							and (m ->> 'at')::timestamptz < '%s'::timestamptz
							and coalesce(m ->> 'pinned', 'false') <> 'true', false) $$;
					create function write_journal() returns trigger language plpgsql as $$
						begin
							insert into journal (name, operation, before, after, who)
							values (case when tg_op = 'DELETE' then old.name else new.name end, tg_op,
								case when tg_op = 'INSERT' then null else old.metadata end,
								case when tg_op = 'DELETE' then null else new.metadata end,
								current_setting('application_name'));
							return null;
						end $$;
					insert into entries select 'p' || i / %d || '/' || lpad(i::text, 5, '0'),
						jsonb_build_object('at', case when i %% 41 = 0 then '%s' else '%s' end)
						|| case when i %% 37 = 0 then '{}'::jsonb else jsonb_build_object('n', i) end
						|| case when i %% 31 = 0 then '{"pinned": true}'::jsonb else '{}'::jsonb end, 1
					from generate_series(0, %d) i;
					create table initial as select * from entries;
					create trigger journal after insert or update or delete on entries
						for each row execute function write_journal();
					analyze entries;
					""".formatted(collation, future, KEYS_IN_PREFIX, future, PAST, KEYS - 1));
		}
	}

	/**
	 * Opens a connection.
	 * @param who as whom the journal names it
	 */
	Connection connect(String who) throws SQLException {
		Connection connection = DriverManager.getConnection(this.url);
		try (PreparedStatement statement = connection
			.prepareStatement("select set_config('application_name', ?, false)")) {
			statement.setString(1, who);
			statement.execute();
		}
		return connection;
	}

	/** Metadata that the rule takes, or does not. */
	static String metadata(boolean matching) {
		return "{\"n\": %d, \"at\": \"%s\"}".formatted(matching ? 3 : 4, PAST);
	}

	/**
	 * Waits until the server knows that a child is dead. Who was there before is none.
	 */
	void awaitNoChild() {
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> {
				try (Connection connection = connect("oracle")) {
					return this.strangers.containsAll(texts(connection, SESSIONS));
				}
			});
	}

	/** Ends the sessions of a child, as a server that is restarted does. */
	void endSessions(Connection connection) throws SQLException {
		execute(connection, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kvpurge'"
				+ " and datname = current_database()");
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/** The first column. */
	static List<String> texts(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			List<String> texts = new ArrayList<>();
			while (rows.next()) {
				texts.add(rows.getString(1));
			}
			return texts;
		}
	}

}
