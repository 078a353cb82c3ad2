package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.ArtemisServer;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerCommandTests {

	@TempDir
	private Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
	}

	@AfterEach
	void nobodyIsLeftInTheDatabase() {
		if (this.commands.location().startsWith("jdbc:")) {
			Awaitility.await()
				.untilAsserted(() -> assertThat(PostgresqlServer.sessions(this.commands.location())).isEmpty());
		}
	}

	@Test
	void withoutASharedLedgerThereAreNoWorkers() {
		assertThat(this.commands.run("worker").exits(2).problems()).containsExactly(
				"a worker needs the ledger that it shares with whoever launches: set KVPURGE_DATABASE_URL to a"
						+ " PostgreSQL database");
		assertThat(this.commands.run("run", this.table.definition(), "--workers").exits(2).problems()).containsExactly(
				"'partitions-on: workers' needs a ledger that the workers share: set KVPURGE_DATABASE_URL to a"
						+ " PostgreSQL database");
		assertThat(this.table.keys()).hasSize(110);
	}

	@Test
	void withoutABrokerThereAreNoWorkers() {
		this.commands.set("KVPURGE_DATABASE_URL", PostgresqlServer.newLedgerUrl());
		String hint = " needs a broker: set KVPURGE_BROKER_URL to that of an Apache Artemis, such as tcp://HOST:61616";
		assertThat(this.commands.run("worker").exits(2).problems()).containsExactly("a worker" + hint);
		assertThat(this.commands.run("run", this.table.definition(), "--workers").exits(2).problems())
			.containsExactly("'partitions-on: workers'" + hint);
		this.commands.set("KVPURGE_BROKER_URL", "tcp://127.0.0.1:1?trustStorePassword=hunter2")
			.set("KVPURGE_BROKER_PASSWORD", "hunter2");
		for (Result refused : new Result[] { this.commands.run("worker").exits(1),
				this.commands.run("run", this.table.definition(), "--workers").exits(1) }) {
			assertThat(refused.problems()).singleElement()
				.asString()
				.startsWith("cannot use the broker tcp://127.0.0.1:1?trustStorePassword=***")
				.doesNotContain("hunter2");
		}
		assertThat(this.commands.run("status").exits(0).out()).contains("no definition has run yet");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "http://localhost;expected tcp://HOST:PORT",
			"tcp://me:hunter2@localhost;it has a user in it", "tcp://;expected tcp://HOST:PORT" })
	void aBrokersAddressThatIsNoneIsRefused(String url, String problem) {
		this.commands.set("KVPURGE_BROKER_URL", url);
		assertThat(this.commands.run("worker").exits(2).problems()).singleElement()
			.asString()
			.startsWith("environment variable KVPURGE_BROKER_URL: broker.url: " + problem)
			.doesNotContain("hunter2");
	}

	@Test
	void aWorkerWorksForARunAndEndsWhenItIsIdle() {
		try (ArtemisServer broker = ArtemisServer.start(this.folder.resolve("broker"))) {
			this.commands.set("KVPURGE_DATABASE_URL", PostgresqlServer.newLedgerUrl())
				.set("KVPURGE_BROKER_URL", broker.url());
			CompletableFuture<Result> launched = CompletableFuture
				.supplyAsync(() -> this.commands.run("run", this.table.definition(), "--workers"));
			StringBuilder lines = new StringBuilder();
			while (!launched.isDone()) {
				Result ended = this.commands.run("worker", "--slots", "2", "--idle-exit", "1s").exits(0);
				assertThat(ended.out()).isEqualTo("worker ended\n");
				lines.append(ended.err());
			}
			assertThat(launched.join().exits(0).out()).contains("assets.1 COMPLETED").contains("deleted    81");
			assertThat(lines).contains("2 slots, ledger")
				.contains("assets.1 range-00001 begun")
				.contains("assets.1 range-00001 completed: listed");
			assertThat(this.table.keys()).hasSize(110 - 81);
		}
	}

	@Test
	void doctorLooksAtTheBrokerAndWhoIsThere() {
		assertThat(doctor(2)).contains("BAD   workers       'partitions-on: workers' needs a ledger");
		this.commands.set("KVPURGE_DATABASE_URL", PostgresqlServer.newLedgerUrl());
		assertThat(doctor(2)).contains("BAD   workers       'partitions-on: workers' needs a broker");
		this.commands.set("KVPURGE_BROKER_URL", "tcp://127.0.0.1:1");
		assertThat(doctor(1)).contains("LATER broker        cannot use the broker tcp://127.0.0.1:1");
		try (ArtemisServer broker = ArtemisServer.startFor(this.folder.resolve("broker"),
				new ArtemisServer.User("purger", "hunter2", true))) {
			this.commands.set("KVPURGE_BROKER_URL", broker.url()).set("KVPURGE_BROKER_USERNAME", "purger");
			this.commands.set("KVPURGE_BROKER_PASSWORD", "wrong-one");
			assertThat(doctor(2)).contains("BAD   broker        cannot use the broker " + broker.url())
				.doesNotContain("wrong-one");
			assertThat(this.commands.run("worker").exits(2).problems()).singleElement()
				.asString()
				.doesNotContain("wrong-one");
			this.commands.set("KVPURGE_BROKER_PASSWORD", "hunter2");
			assertThat(doctor(0)).contains("OK    broker        " + broker.url() + ": this user may send")
				.contains("NOTE  workers       none is there");
		}
	}

	private String doctor(int status) {
		return this.commands.run("doctor", this.table.definition(), "--workers").exits(status).out();
	}

	@Test
	void slotsAreANumber() {
		assertThat(this.commands.run("worker", "--slots", "0").exits(2).problems())
			.containsExactly("--slots is 0: expected 1 to 64");
	}

}
