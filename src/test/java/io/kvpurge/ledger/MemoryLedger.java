package io.kvpurge.ledger;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Ledgers that live in memory, each in a database of its own, open within milliseconds:
 * the tables are made once, and copied from then on.
 */
public final class MemoryLedger {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private static final List<String> TABLES = tables();

	private MemoryLedger() {
	}

	private static List<String> tables() {
		try (HikariDataSource database = database(8)) {
			LedgerSchema.migrate(database, "h2", "memory");
			return JdbcClient.create(database)
				.sql("script nopasswords nosettings")
				.query(String.class)
				.list()
				.stream()
				.filter((statement) -> !statement.startsWith("CREATE USER") && !statement.startsWith("--"))
				.toList();
		}
	}

	/** It is gone when it is closed. */
	public static LedgerDatabase open(Clock clock) {
		HikariDataSource database = database(1);
		JdbcClient jdbc = JdbcClient.create(database);
		TABLES.forEach((statement) -> jdbc.sql(statement.replace("?", "??")).update());
		return new LedgerDatabase(database, new JdbcDeletionLedger(database, null, clock), "memory",
				(definition) -> false, database::close);
	}

	private static HikariDataSource database(int connections) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl("jdbc:h2:mem:ledger-" + NUMBER.incrementAndGet());
		config.setUsername("kvpurge");
		config.setPassword("");
		config.setMaximumPoolSize(connections);
		config.setMinimumIdle(1);
		config.setIdleTimeout(0);
		config.setMaxLifetime(0);
		return new HikariDataSource(config);
	}

}
