package io.kvpurge.ledger;

import java.nio.file.Path;
import java.time.Clock;

import org.junit.jupiter.api.io.TempDir;

class H2LedgerMutationTests extends MutationContract {

	@TempDir
	Path home;

	@Override
	LedgerDatabase open(Clock clock) {
		return LedgerDatabase.openFile(this.home.resolve("ledger"), clock);
	}

}
