package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.PostgresqlServer;
import io.kvpurge.testkit.TransactionPooler;
import io.kvpurge.testkit.TransactionPooler.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/** The database for ledgers is not what it should be. */
class SharedSurroundingsTests {

	@TempDir
	private Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	private void assertRefused(int exit, String url, String problem) {
		this.commands.set("KVPURGE_DATABASE_URL", url);
		for (List<Object> command : List.<List<Object>>of(List.of("run", this.table.definition()), List.of("status"),
				List.of("stop", "assets"))) {
			Result result = this.commands.run(command.toArray()).exits(exit);
			assertThat(result.problems()).singleElement().asString().contains(problem).doesNotContain("hunter2");
			assertThat(result.out()).isEmpty();
		}
		assertThat(this.table.keys()).hasSize(110);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "mysql://localhost/x;expected jdbc:postgresql://HOST/DATABASE or",
					"postgresql:///x;it names no host", "postgres://me:hun ter2@h/x;it is no valid URL",
					"'';expected jdbc:postgresql://" })
	void aUrlThatIsNoneIsRefused(String url, String problem) {
		assertRefused(2, url, "environment variable KVPURGE_DATABASE_URL: " + problem);
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://127.0.0.1:1/x?user=me&password=hunter2", "postgres://me:hunter2@127.0.0.1:1/x" })
	void anUnreachableServerIsWorthAnotherLaunch(String url) {
		assertRefused(1, url, "cannot open the database jdbc:postgresql://127.0.0.1:1/x: ");
	}

	@Test
	void thePasswordMayStandInAVariableOfItsOwn() {
		this.commands.set("KVPURGE_DATABASE_USERNAME", "me").set("KVPURGE_DATABASE_PASSWORD", "hunter2");
		assertRefused(1, "jdbc:postgresql://127.0.0.1:1/x", "(nothing was touched: launch again)");
	}

	@Test
	void aDatabaseOfOthersIsRefused() {
		String url = PostgresqlServer.newDatabaseUrl();
		AssetTable.executeIn(url, PostgresqlServer.USER, "create table customers (id int)");
		assertRefused(2, url, "has tables that are not kvpurge's");
	}

	@Test
	void aPoolerThatHandsSessionsAroundIsRefused() throws IOException {
		try (TransactionPooler pooler = new TransactionPooler(PostgresqlServer.port(), 4, Mode.TRANSACTION)) {
			String url = PostgresqlServer.newDatabaseUrl().replaceFirst(":[0-9]+/", ":" + pooler.port() + "/");
			assertRefused(2, url, "stands behind a pooler");
		}
	}

	@Test
	void userAndPasswordOfAUrlAreUsed() {
		String url = PostgresqlServer.newDatabaseUrl();
		String plain = url.replaceFirst("^jdbc:postgresql://", "postgresql://" + PostgresqlServer.USER + ":h%40x@")
			.replaceFirst("[?].*", "");
		this.commands.set("KVPURGE_DATABASE_URL", plain);
		Result result = this.commands.run("run", this.table.definition()).exits(0);
		assertThat(result.err()).contains("home jdbc:postgresql://localhost:").doesNotContain("h@x", "h%40x");
	}

}
