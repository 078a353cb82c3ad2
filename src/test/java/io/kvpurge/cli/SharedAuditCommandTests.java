package io.kvpurge.cli;

import java.nio.file.Path;

import io.kvpurge.testkit.PostgresqlServer;

/** The same where the ledger is in PostgreSQL. */
class SharedAuditCommandTests extends AuditCommandTests {

	private String database = "";

	@Override
	CommandLineTester commands(Path home) {
		CommandLineTester commands = super.commands(home).sharing();
		this.database = commands.location();
		return commands;
	}

	@Override
	void tamper(String sql) {
		AssetTable.executeIn(this.database, PostgresqlServer.USER, sql);
	}

}
