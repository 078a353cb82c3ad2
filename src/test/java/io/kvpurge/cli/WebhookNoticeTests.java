package io.kvpurge.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.definition.Notices;
import io.kvpurge.definition.RunEvent;
import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.testkit.HttpReceiver;
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;

class WebhookNoticeTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final HttpReceiver receiver = new HttpReceiver();

	@TempDir
	private Path folder;

	private AssetTable table;

	private CommandLineTester commands;

	@BeforeEach
	void fill() {
		this.table = new AssetTable(this.folder).filled();
		this.commands = new CommandLineTester(this.folder.resolve("home"));
		this.commands.set("KVPURGE_WEBHOOK_URL", this.receiver.url("/hook?key=hidden").toString());
	}

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	/** One for each: where the machine is slow, a message is sent again. */
	private List<JsonNode> told() {
		Map<String, JsonNode> told = new LinkedHashMap<>();
		this.receiver.received()
			.forEach((received) -> told.put(received.header("webhook-id"), JSON.readTree(received.text())));
		return List.copyOf(told.values());
	}

	private List<String> events() {
		return told().stream().map((json) -> json.get("event").asString()).toList();
	}

	@Test
	void whatIsSentIsTheResultObjectAndWhatHappened() {
		JsonNode result = this.commands.run("run", this.table.definition(), "--json").exits(0).json();
		ObjectNode sent = (ObjectNode) told().get(0);
		assertThat(sent.remove("event").asString()).isEqualTo("success");
		assertThat(sent.remove("definition").asString()).isEqualTo("assets");
		assertThat(sent.remove("mode").asString()).isEqualTo("PURGE");
		assertThat(sent).isEqualTo(result);
		assertThat(told()).hasSize(1);
	}

	@Test
	void plansAndApplicationsAreToldToo() {
		this.commands.run("plan", this.table.definition()).exits(0);
		this.commands.run("apply", "assets.1").exits(0);
		assertThat(told()).extracting((json) -> json.get("mode").asString()).containsExactly("PLAN", "APPLY");
		assertThat(told().get(1).get("deleted").asLong()).isEqualTo(81);
	}

	@Test
	void eachEndHasItsEventAndThoseThatNobodyAskedForAreKept() {
		this.commands.run("run", this.table.definition("max-fraction: 1", "max-fraction: 1, max-deletes: 10")).exits(4);
		assertThat(events()).containsExactly("guard");
		this.commands.run("run", this.table.definition("table: assets", "table: nothing"), "--new").exits(2);
		assertThat(events()).containsExactly("guard", "failure");
		assertThat(told().get(1).get("definition").asString()).isEqualTo("assets");
		assertThat(told().get(1).get("exit").asInt()).isEqualTo(2);
		this.commands.set("KVPURGE_WEBHOOK_ON", "guard, failure");
		this.commands.run("run", this.table.definition()).exits(0);
		assertThat(events()).hasSize(2);
	}

	@Test
	void aRestoreIsToldToo() {
		this.commands.run("run", this.table.definition("partitions: 2", "partitions: 2\nbackup: true")).exits(0);
		this.commands.run("restore", "assets.1").exits(0);
		assertThat(told().get(1).get("mode").asString()).isEqualTo("RESTORE");
		assertThat(told().get(1).get("restored").asLong()).isEqualTo(81);
	}

	@Test
	void aRunThatComesNoFurtherIsToldOnce() throws Exception {
		MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));
		Notices notices = new Notices(null, null, this.receiver.url("/"), Set.of(RunEvent.STALLED),
				Duration.ofMinutes(15));
		RunTelling telling = RunTelling.of(notices, (variable) -> null, System.err, new ReportFolder(this.folder),
				clock);
		RunTotals totals = new RunTotals(2, 1, EntryCounts.ZERO, CallCounts.ZERO, Map.of());
		telling.watch("assets.1", "assets", totals);
		clock.advance(Duration.ofMinutes(14));
		telling.watch("assets.1", "assets", totals);
		clock.advance(Duration.ofMinutes(1));
		telling.watch("assets.1", "assets", totals);
		telling.watch("assets.1", "assets", totals);
		Awaitility.await().until(() -> !this.receiver.received().isEmpty());
		assertThat(told()).singleElement().satisfies((json) -> {
			assertThat(json.get("event").asString()).isEqualTo("stalled");
			assertThat(json.get("run").asString()).isEqualTo("assets.1");
			assertThat(json.get("reason").asString()).isEqualTo("no entry was dealt with since 2026-06-30T12:00:00Z");
		});
	}

	@Test
	void aHoldIsNoFailure() {
		this.commands.run("stop", "assets").exits(0);
		this.commands.run("run", this.table.definition()).exits(3);
		assertThat(this.receiver.received()).isEmpty();
	}

	@Test
	void aReceiverThatRefusesChangesNothingAndNoSecretIsShown() {
		this.receiver.answering(401, 401, 401, 401);
		this.commands.set("KVPURGE_WEBHOOK_TOKEN", "letmein").set("KVPURGE_WEBHOOK_SECRET", "signed");
		Result result = this.commands.run("run", this.table.definition(), "--json").exits(0);
		assertThat(result.json().get("errors")).isEmpty();
		assertThat(result.err()).contains("kvpurge the webhook answered 401")
			.doesNotContain("hidden", "letmein", "signed");
		assertThat(this.receiver.received().get(0).header("Authorization")).isEqualTo("Bearer letmein");
		assertThat(this.receiver.received().get(0).header("webhook-signature")).startsWith("v1,");
	}

	@Test
	void settingsThatMeanNothingAreRefusedBeforeAnythingIsTouched() {
		this.commands.set("KVPURGE_WEBHOOK_URL", "hooks.example/?key=hidden");
		Result result = this.commands.run("run", this.table.definition()).exits(2);
		assertThat(result.problems())
			.containsExactly("environment variable KVPURGE_WEBHOOK_URL: webhook.url is no address: expected "
					+ "http://HOST/... or https://HOST/...");
		this.commands.set("KVPURGE_WEBHOOK_URL", this.receiver.url("/").toString())
			.set("KVPURGE_WEBHOOK_TOKEN", "two words");
		result = this.commands.run("run", this.table.definition()).exits(2);
		assertThat(result.problems()).singleElement()
			.asString()
			.contains("KVPURGE_WEBHOOK_TOKEN")
			.doesNotContain("two words");
		assertThat(this.table.keys()).hasSize(110);
		assertThat(this.receiver.received()).isEmpty();
	}

}
