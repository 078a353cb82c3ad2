package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;

/** The same where the ledger is in PostgreSQL. */
class SharedResumeTests extends ResumeTests {

	@Override
	Home home(Path folder) {
		return PurgeTester.sharedHome(Clock.systemUTC());
	}

}
