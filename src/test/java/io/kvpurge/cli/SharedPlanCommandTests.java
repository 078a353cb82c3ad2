package io.kvpurge.cli;

import java.nio.file.Path;

/** The same, with the ledger in PostgreSQL. */
class SharedPlanCommandTests extends PlanCommandTests {

	@Override
	CommandLineTester commands(Path home) {
		return super.commands(home).sharing();
	}

}
