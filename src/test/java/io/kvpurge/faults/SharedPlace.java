package io.kvpurge.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.PostgresqlLedgers;
import io.kvpurge.testkit.PostgresqlServer;

/** The ledger in a PostgreSQL database of its own. */
record SharedPlace(String home) implements LedgerPlace {

	static final String DATABASE = "PostgreSQL";

	static SharedPlace create() {
		return new SharedPlace(PostgresqlServer.newDatabaseUrl());
	}

	/** The question mark tells test1 from test10. */
	@Override
	public String database() {
		return DATABASE;
	}

	@Override
	public String urlPrefix() {
		return this.home.substring(0, this.home.indexOf('?') + 1);
	}

	@Override
	public Connection look() throws SQLException {
		return DriverManager.getConnection(this.home);
	}

	@Override
	public List<String> verify() {
		try (PostgresqlLedgers ledgers = PostgresqlLedgers.open(PostgresqlAddress.of(this.home, null, null),
				Clock.systemUTC()); LedgerDatabase database = ledgers.read()) {
			return H2Place.problems(database.ledger());
		}
	}

}
