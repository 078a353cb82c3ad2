package io.kvpurge.cli;

import java.nio.file.Path;

/** The same where the ledger is in PostgreSQL. */
class SharedResumeCommandTests extends ResumeCommandTests {

	@Override
	CommandLineTester commands(Path home) {
		return super.commands(home).sharing();
	}

}
