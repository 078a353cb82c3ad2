package io.kvpurge.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.PostgresqlLedgers;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

import static org.assertj.core.api.Assertions.assertThat;

/** The same where the ledger is in PostgreSQL: what runs is seen in the ledger itself. */
class SharedStatusCommandTests extends StatusCommandTests {

	private CommandLineTester commands = new CommandLineTester(Path.of("none"));

	@Override
	CommandLineTester commands(Path home) {
		this.commands = super.commands(home).sharing();
		return this.commands;
	}

	@Test
	@Override
	void showsWhatARunningOneSaysOfItself() {
		this.commands.run("status").exits(0);
		try (PostgresqlLedgers ledgers = PostgresqlLedgers
			.open(PostgresqlAddress.of(this.commands.location(), "postgres", null), Clock.systemUTC())) {
			try (LedgerDatabase owned = ledgers.own("assets")) {
				begin(owned);
				String line = "(pid 4711 on elsewhere): listed 0, matched 0, deleted 0, ranges 0 of 1";
				assertThat(this.commands.run("status").exits(0).out()).startsWith("assets.1 ")
					.contains("RUNNING", line);
				assertThat(this.commands.run("status", "assets").exits(0).out()).contains("RUNNING", line);
				JsonNode json = this.commands.run("status", "assets", "--json").exits(0).json();
				assertThat(json.get("status").asString()).isEqualTo("RUNNING");
				assertThat(this.commands.run("status", "--json").exits(0).json().get("runs").get(0)).isEqualTo(json);
				assertThat(this.commands.run("audit", "assets").exits(0).out()).contains("assets.1 RUNNING");
			}
			assertThat(this.commands.run("status").exits(0).out()).as("nobody owns it any more: its process is gone")
				.contains("CUT OFF", "the next 'run' carries on");
			JsonNode json = this.commands.run("status", "assets", "--json").exits(0).json();
			assertThat(json.get("status").asString()).isEqualTo("CUT_OFF");
			assertThat(json.at("/history/0/status").asString()).isEqualTo("CUT_OFF");
		}
	}

	private static void begin(LedgerDatabase owned) {
		RunFence fence = owned.ledger()
			.begin(new RunIdentity("assets", "digest", "{}", "memory:x", RunMode.PURGE, Instant.EPOCH), "name: assets",
					Guarantee.COMPARE_AND_DELETE, true, new RunOrigin("jane", "elsewhere", 4711, "0"), null);
		owned.ledger().saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
	}

}
