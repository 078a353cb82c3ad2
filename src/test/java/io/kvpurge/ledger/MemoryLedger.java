package io.kvpurge.ledger;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * Ledgers that live in memory, each in a database of its own, open within milliseconds.
 */
public final class MemoryLedger {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private MemoryLedger() {
	}

	/** It is gone when it is closed. */
	public static LedgerDatabase open(Clock clock) {
		HikariDataSource database = database();
		LedgerSchema.create(database);
		return new LedgerDatabase(database, new JdbcDeletionLedger(database, null, clock), "memory",
				(definition) -> false, database::close);
	}

	private static HikariDataSource database() {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl("jdbc:h2:mem:ledger-" + NUMBER.incrementAndGet());
		config.setUsername("kvpurge");
		config.setPassword("");
		config.setMaximumPoolSize(1);
		config.setMinimumIdle(1);
		config.setIdleTimeout(0);
		config.setMaxLifetime(0);
		return new HikariDataSource(config);
	}

}
