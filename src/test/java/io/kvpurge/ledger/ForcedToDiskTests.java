package io.kvpurge.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.testkit.SteppingClock;

import static org.assertj.core.api.Assertions.assertThat;

/** What H2 is told, in which order: what it then does with the disk no test can see. */
class ForcedToDiskTests {

	private final List<String> told = new ArrayList<>();

	@Test
	void anAnnouncementIsForcedToTheDiskBeforeItsCallMayBeSent(@TempDir Path home) {
		try (LedgerDatabase database = LedgerDatabase.openFile(home.resolve("ledger"), new SteppingClock())) {
			DeletionLedger ledger = new JdbcDeletionLedger(listening(database.dataSource()), null, new SteppingClock());
			RunFence fence = ledger.begin(LedgerContract.identity("cache"), "name: cache", Guarantee.LIST_THEN_DELETE,
					true, LedgerContract.ORIGIN, null);
			ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
			this.told.clear();
			ledger.announce(fence, 1, List.of(Key.of("a")));
			assertThat(this.told).containsSubsequence("insert", "commit", "checkpoint sync");
			assertThat(this.told).endsWith("checkpoint sync");
		}
	}

	private DataSource listening(DataSource dataSource) {
		return new DelegatingDataSource(dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				return listening(super.getConnection());
			}

		};
	}

	private Connection listening(Connection connection) {
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("commit")) {
						this.told.add("commit");
					}
					else if (method.getName().equals("prepareStatement")) {
						String sql = arguments[0].toString().strip().toLowerCase(Locale.ROOT);
						this.told.add(sql.startsWith("insert") ? "insert" : sql);
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
