package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreTypes;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Fault;
import io.kvpurge.testkit.cloudflare.Settings;

import static org.assertj.core.api.Assertions.assertThat;

/** What tools that delete from Workers KV were seen to get wrong, one test for each. */
class KnownPitfallsTests {

	@TempDir
	private Path home;

	private CloudflareSimulator service;

	private String namespace;

	private KeyValueStore store;

	@BeforeEach
	void start() {
		this.service = CloudflareSimulator.start(Settings.defaults().withoutRequestLimit());
		this.namespace = this.service.createNamespace("pitfalls");
		this.store = Objects.requireNonNull(StoreTypes.load().find("cloudflare"))
			.open(new StoreOptions(
					Map.of("account-id", List.of(this.service.accountId()), "api-token", List.of(this.service.token()),
							"namespace-id", List.of(this.namespace), "base-url", List.of(this.service.baseUrl())),
					Duration.ofSeconds(10)));
	}

	@AfterEach
	void stop() {
		this.store.close();
		this.service.close();
	}

	@Test
	void aServiceThatFailsAtEveryDeleteHasDeletedNothing() {
		fill(500, (n) -> "{\"n\":0}");
		this.service.failNext(Call.BULK_DELETE, 500, Fault.error(500, 10001));
		PurgeTester tester = tester();
		tester.settings(io.kvpurge.definition.Settings.DEFAULT.withSettleDelay(Duration.ZERO));
		RunReport report = tester.run(this.store, PurgeTester.definition("[\"k\"]", "all", 1));
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		assertThat(report.exitCode()).isEqualTo(ExitCode.FAILED);
		assertThat(report.counts().deleted()).isZero();
		assertThat(this.service.keys(this.namespace)).hasSize(500);
	}

	@Test
	void keysThatTheServiceDoesNotDeleteAreNamedAndNotCalledASuccess() {
		fill(5000, (n) -> "{\"n\":0}");
		Set<String> refused = new TreeSet<>();
		for (int n = 0; n < 5000; n += 10) {
			refused.add(key(n));
		}
		refused.forEach(this.service::refuse);
		RunReport report = run(PurgeTester.definition("[\"k\"]", "all", 1));
		assertThat(report.exitCode()).isEqualTo(ExitCode.REFUSED);
		assertThat(report.counts()).isEqualTo(new EntryCounts(5000, 0, 0, 0, 5000, 4500, 0, 0, 500));
		assertThat(this.service.keys(this.namespace)).containsExactlyElementsOf(refused);
		assertThat(this.service.counters().requests(Call.BULK_DELETE)).as("sent again").isEqualTo(4);
	}

	@Test
	void aPurgeByMetadataOfManyPagesEnds() {
		fill(21_000, (n) -> "{\"n\":" + n + "}");
		RunReport report = run(PurgeTester.everyThird(4));
		assertThat(report.counts()).isEqualTo(new EntryCounts(21_000, 14_000, 0, 0, 7000, 7000, 0, 0, 0));
		assertThat(this.service.counters().requests(Call.LIST)).isEqualTo(21);
		assertThat(this.service.counters().requests(Call.BULK_DELETE)).isEqualTo(1);
	}

	@Test
	void theMetadataOfAKeyIsNeverThatOfAnother() {
		// Every other key has none, and would go if it were given its neighbour's.
		fill(3000, (n) -> (n % 2 == 0) ? "{\"go\":\"" + "x".repeat(n % 900) + "\"}" : null);
		RunReport report = run(PurgeTester.definition("[\"k\"]", "metadata.field('go') != null", 1));
		assertThat(report.counts()).isEqualTo(new EntryCounts(3000, 1500, 0, 0, 1500, 1500, 0, 0, 0));
		assertThat(this.service.keys(this.namespace)).hasSize(1500).allMatch((key) -> number(key) % 2 == 1);
	}

	@Test
	void aPatternThatIsAcceptedIsApplied() {
		fill(1000, (n) -> null);
		RunReport report = run(PurgeTester.definition("[\"\"]", "key.matches('^k0+7[0-9]{2}$')", 1));
		assertThat(report.counts().deleted()).isEqualTo(100);
		assertThat(this.service.keys(this.namespace)).hasSize(900).noneMatch((key) -> number(key) / 100 == 7);
	}

	@Test
	void metadataOfAnyFormLeavesItsPageReadable() {
		String[] forms = { "\"text\"", "7", "[1, {\"n\": 3}]", "true", "{}", "{\"n\": \"3\"}", null };
		fill(700, (n) -> (n % 100 == 99) ? "{\"n\": 3}" : forms[n % forms.length]);
		RunReport report = run(PurgeTester.everyThird(1));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().listed()).isEqualTo(700);
		assertThat(report.counts().deleted()).isEqualTo(7);
		assertThat(report.counts().undecided() + report.counts().unmatched()).isEqualTo(693);
	}

	@Test
	void aStormOfThrottlingIsOutlasted() {
		fill(3000, (n) -> "{\"n\":" + n + "}");
		this.service.failNext(Call.LIST, 20, Fault.throttled(0));
		this.service.failNext(Call.BULK_DELETE, 20, Fault.throttled(0));
		RunReport report = run(PurgeTester.everyThird(2));
		assertThat(report.run().state()).as("%s", report.errors()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().attempts()).isEqualTo(1);
		assertThat(report.counts().deleted()).isEqualTo(1000);
		assertThat(report.totals().calls().retried()).isEqualTo(40);
	}

	@Test
	void noMoreThanTwoBulkCallsAreEverUnderWay() {
		AtomicInteger next = new AtomicInteger();
		this.service.fill(this.namespace, 4000, (n) -> (char) ('a' + n % 8) + "/" + next.getAndIncrement(),
				(n) -> null);
		this.service.latency(Call.BULK_DELETE, Duration.ofMillis(100));
		RunReport report = run(
				PurgeTester.definition("[\"a/\", \"b/\", \"c/\", \"d/\", \"e/\", \"f/\", \"g/\", \"h/\"]", "all", 8));
		assertThat(report.counts().deleted()).isEqualTo(4000);
		assertThat(this.service.counters().mostBulkCallsAtOnce()).isEqualTo(2);
		assertThat(report.totals().calls().retried()).isZero();
	}

	@Test
	void noMoreThanTwoOfThemAreUnderWayWhereEntriesAreRechecked() {
		this.service.fill(this.namespace, 800, (n) -> (char) ('a' + n % 8) + "/" + n, (n) -> null);
		this.service.latency(Call.BULK_GET, Duration.ofMillis(50));
		RunReport report = run(
				PurgeTester.definition("[\"a/\", \"b/\", \"c/\", \"d/\", \"e/\", \"f/\", \"g/\", \"h/\"]", "all", 8)
						+ "recheck: true\n");
		assertThat(report.counts().deleted()).isEqualTo(800);
		assertThat(this.service.counters().mostBulkCallsAtOnce()).isEqualTo(2);
		assertThat(report.totals().calls().retried()).isZero();
	}

	private RunReport run(String definition) {
		return tester().run(this.store, definition);
	}

	private PurgeTester tester() {
		return new PurgeTester(this.home);
	}

	private void fill(int count, IntFunction<@Nullable String> metadata) {
		this.service.fill(this.namespace, count, KnownPitfallsTests::key, metadata);
	}

	private static String key(int n) {
		return "k%06d".formatted(n);
	}

	private static int number(String key) {
		return Integer.parseInt(key.substring(1));
	}

}
