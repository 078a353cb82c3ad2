package io.kvpurge.issues;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.jdbc.JdbcStoreType;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that was frozen between its delete and its commit kept the rows locked, and
 * committed when it was thawed: after another one had looked and found them there. They
 * were gone then, and stood in no call as deleted.
 */
class FrozenTransactionTests {

	private final String url = PostgresqlServer.newDatabaseUrl();

	@Test
	void theServerTakesBackADeleteWhoseProcessSaysNothingForAsLongAsOthersWait() throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.url);
				Statement statement = connection.createStatement()) {
			statement.execute("""
					create table entries (name text primary key);
					insert into entries values ('a'), ('b');
					create table seen (setting text);
					create function see() returns trigger language plpgsql as $$ begin
						insert into seen values (current_setting('idle_in_transaction_session_timeout'));
						return null; end $$;
					create trigger see after delete on entries for each row execute function see();""");
			StoreOptions options = new StoreOptions(Map.of("url", List.of(this.url), "table", List.of("entries"), "key",
					List.of("name"), "allow", List.of("see")), Duration.ofSeconds(7));
			try (KeyValueStore store = new JdbcStoreType().open(options)) {
				assertThat(store.capabilities().settleDelay()).isEqualTo(Duration.ofSeconds(7));
				store.delete(store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10).entries());
			}
			try (ResultSet row = statement.executeQuery("select count(*), min(setting), max(setting) from seen")) {
				row.next();
				assertThat(row.getInt(1)).isEqualTo(2);
				assertThat(row.getString(2)).isEqualTo("7s").isEqualTo(row.getString(3));
			}
		}
	}

}
