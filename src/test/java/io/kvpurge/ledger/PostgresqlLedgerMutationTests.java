package io.kvpurge.ledger;

import java.time.Clock;

import io.kvpurge.testkit.PostgresqlServer;

class PostgresqlLedgerMutationTests extends MutationContract {

	@Override
	LedgerDatabase open(Clock clock) {
		return PostgresqlLedger.open(PostgresqlServer.newLedgerUrl(), clock);
	}

}
