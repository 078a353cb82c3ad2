package io.kvpurge.issues;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.LedgerDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * H2 writes its tables one after the other whenever a transaction is committed, and
 * others went on meanwhile: of one that was committed in between, the file had the calls
 * and not the counts. A process that was killed then left a ledger that did not add up.
 */
class HalfWrittenTransactionTests {

	@Test
	void noTransactionGoesOnWhileAnotherIsWritten(@TempDir Path folder) throws Exception {
		try (LedgerDatabase database = LedgerDatabase.openFile(folder.resolve("ledger"), Clock.systemUTC())) {
			HikariDataSource connections = (HikariDataSource) database.dataSource();
			CompletableFuture<Boolean> other;
			try (Connection one = connections.getConnection()) {
				assertThat(one.isValid(1)).isTrue();
				other = CompletableFuture.supplyAsync(() -> database.ledger().runs("any").isEmpty());
				Awaitility.await().until(() -> connections.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
				assertThat(other).isNotDone();
			}
			assertThat(other.get()).isTrue();
		}
	}

}
