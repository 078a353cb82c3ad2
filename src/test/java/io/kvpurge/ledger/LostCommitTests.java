package io.kvpurge.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.testkit.SteppingClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** The connection breaks in a commit: before it was done, or after. */
class LostCommitTests {

	private enum Break {

		BEFORE, AFTER

	}

	@TempDir
	Path home;

	private final AtomicReference<Break> next = new AtomicReference<>();

	@Test
	void callWhoseCommitWasLostIsReportedAndTheChainGoesOn() {
		try (LedgerDatabase database = LedgerDatabase.openFile(this.home.resolve("ledger"), new SteppingClock())) {
			DeletionLedger ledger = new JdbcDeletionLedger(breaking(database.dataSource()), null, new SteppingClock());
			RunFence fence = ledger.begin(LedgerContract.identity("cache"), "name: cache", Guarantee.LIST_THEN_DELETE,
					true, LedgerContract.ORIGIN, null);
			ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
			announceFailing(ledger, fence, Break.BEFORE);
			assertThat(ledger.unsettled(fence.run(), 1)).isEmpty();
			announceFailing(ledger, fence, Break.AFTER);
			assertThat(ledger.unsettled(fence.run(), 1)).extracting(LedgerCall::sequence).containsExactly(1);
			assertThat(ledger.announce(fence, 1, List.of(Key.of("b"))).sequence()).isEqualTo(2);
			LedgerContract.assertIntact(ledger.verify(fence.run()), 1, 2);
		}
	}

	private void announceFailing(DeletionLedger ledger, RunFence fence, Break when) {
		this.next.set(when);
		assertThatException().isThrownBy(() -> ledger.announce(fence, 1, List.of(Key.of("a"))))
			.withStackTraceContaining("the line is dead");
	}

	private DataSource breaking(DataSource dataSource) {
		return new DelegatingDataSource(dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				return breaking(super.getConnection());
			}

		};
	}

	private Connection breaking(Connection connection) {
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					Break now = method.getName().equals("commit") ? this.next.getAndSet(null) : null;
					if (now == Break.BEFORE) {
						connection.rollback();
						throw new SQLException("the line is dead");
					}
					try {
						Object result = method.invoke(connection, arguments);
						if (now == Break.AFTER) {
							throw new SQLException("the line is dead");
						}
						return result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
