package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;

/** The same where the ledger is in PostgreSQL. */
class SharedFruitlessAttemptsTests extends FruitlessAttemptsTests {

	@Override
	Home home(Path folder) {
		return PurgeTester.sharedHome(Clock.systemUTC());
	}

}
