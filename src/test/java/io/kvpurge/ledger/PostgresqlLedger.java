package io.kvpurge.ledger;

import java.time.Clock;
import java.util.function.Function;

/** Opens a ledger in PostgreSQL as one database that owns a definition and closes all. */
final class PostgresqlLedger {

	private PostgresqlLedger() {
	}

	/** Owns the definition {@code cache}. */
	static LedgerDatabase open(String url, Clock clock) {
		return closingAll(ledgers(url, clock), (ledgers) -> ledgers.own("cache"));
	}

	/** Owns nothing. */
	static LedgerDatabase shared(String url, Clock clock) {
		return closingAll(ledgers(url, clock), PostgresqlLedgers::read);
	}

	private static PostgresqlLedgers ledgers(String url, Clock clock) {
		return PostgresqlLedgers.open(PostgresqlAddress.of(url, null, null), clock);
	}

	private static LedgerDatabase closingAll(PostgresqlLedgers ledgers,
			Function<PostgresqlLedgers, LedgerDatabase> opening) {
		LedgerDatabase database = opening.apply(ledgers);
		return new LedgerDatabase(database.dataSource(), database.ledger(), database.location(),
				database::isOwnedElsewhere, () -> {
					database.close();
					ledgers.close();
				});
	}

}
