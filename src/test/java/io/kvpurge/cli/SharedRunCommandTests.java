package io.kvpurge.cli;

import java.nio.file.Path;

/** The same where the ledger is in PostgreSQL. */
class SharedRunCommandTests extends RunCommandTests {

	@Override
	CommandLineTester commands(Path home) {
		return super.commands(home).sharing();
	}

}
