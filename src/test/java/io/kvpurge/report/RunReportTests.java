package io.kvpurge.report;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.store.Guarantee;

import static org.assertj.core.api.Assertions.assertThat;

class RunReportTests {

	private static final Instant START = Instant.parse("2026-01-31T00:00:00Z");

	private static final EntryCounts COUNTS = new EntryCounts(12000, 1000, 900, 100, 10000, 9990, 4, 3, 3);

	private static RunReport report(RunMode mode, RunState state, Guarantee guarantee, boolean tellsVanished,
			EntryCounts counts, @Nullable String seal, List<String> errors) {
		RunIdentity identity = new RunIdentity("demo", "d1", "{}", "memory:x", mode, START);
		boolean running = state == RunState.RUNNING;
		PurgeRun run = new PurgeRun(new RunId("demo", 7), identity, "text", guarantee, tellsVanished,
				new RunOrigin("me", "here", 1, "1.0"), 2, 2, state, running ? null : "done", START,
				running ? null : START.plusMillis(61_500), seal, null, null, null, null, null);
		Map<String, Long> reasons = new LinkedHashMap<>();
		reasons.put("metadata.size is missing", 99L);
		reasons.put("the metadata cannot be read", 1L);
		RunTotals totals = new RunTotals(4, 4, counts, new CallCounts(12, 1100, 5, 2), reasons);
		return new RunReport(run, totals, null, START.plusSeconds(600), errors, null, Duration.ZERO);
	}

	private static RunReport completed() {
		return report(RunMode.PURGE, RunState.COMPLETED, Guarantee.COMPARE_AND_DELETE, true, COUNTS, "abc", List.of());
	}

	@Test
	void theObjectHasTheFieldsOfTheResultInTheirOrder() {
		assertThat(completed().toJson()).isEqualTo("{\"schema\":1,\"run\":\"demo.7\",\"attempts\":2,"
				+ "\"status\":\"COMPLETED\",\"exit\":6,\"reason\":\"done\",\"store\":\"memory:x\","
				+ "\"guarantee\":\"compare-and-delete\",\"listed\":12000,\"unmatched\":1000,\"held\":900,"
				+ "\"undecided\":100,\"matched\":10000,\"deleted\":9990,\"vanished\":4,\"spared\":3,\"refused\":3,"
				+ "\"calls\":{\"list\":12,\"delete\":1100,\"other\":5,\"retried\":2},\"seconds\":61.5,"
				+ "\"seal\":\"abc\",\"errors\":[]}");
	}

	@Test
	void whatAStoreCannotKnowIsNull() {
		String json = report(RunMode.PURGE, RunState.FAILED, Guarantee.LIST_THEN_DELETE, false, EntryCounts.ZERO, null,
				List.of("range-00001: a \"quoted\" line", "second"))
			.toJson();
		assertThat(json).contains("\"guarantee\":\"list-then-delete\"", "\"vanished\":null,\"spared\":null,",
				"\"refused\":0", "\"seal\":null", "\"exit\":1", "\"status\":\"FAILED\"",
				"\"errors\":[\"range-00001: a \\\"quoted\\\" line\",\"second\"]");
	}

	@Test
	void theTextSaysTheSame() {
		assertThat(completed().toText()).isEqualToNormalizingNewlines("""
				demo.7 COMPLETED after 61.5 s: done
				  store      memory:x (compare-and-delete)
				  listed     12,000
				  unmatched  1,000
				  held       900
				  undecided  100
				             99: metadata.size is missing
				             1: the metadata cannot be read
				  matched    10,000
				  deleted    9,990
				  vanished   4
				  spared     3
				  refused    3
				  calls      12 list, 1,100 delete, 5 other, 2 of them repeated
				  attempts   2
				  seal       abc""");
	}

	@Test
	void theTextSaysWhatAStoreDoesNotTell() {
		assertThat(report(RunMode.PURGE, RunState.STOPPED, Guarantee.LIST_THEN_DELETE, false, COUNTS, null, List.of())
			.toText()).contains("  vanished   not told by this store", "  spared     not told by this store")
			.doesNotContain("seal");
	}

	@Test
	void thePlanSaysNothingOfDeletes() {
		RunReport plan = report(RunMode.PLAN, RunState.COMPLETED, Guarantee.COMPARE_AND_DELETE, true, COUNTS, "abc",
				List.of());
		assertThat(plan.isPlan()).isTrue();
		assertThat(plan.toText()).contains("  matched    10,000").doesNotContain("deleted", "spared", "refused");
	}

	@Test
	void aRunThatHasNotEndedLastsUntilNow() {
		RunReport running = report(RunMode.PURGE, RunState.RUNNING, Guarantee.COMPARE_AND_DELETE, true, COUNTS, null,
				List.of());
		assertThat(running.duration()).hasSeconds(600);
		assertThat(running.reason()).isEqualTo("not ended");
		assertThat(running.toJson()).contains("\"reason\":null");
	}

	@ParameterizedTest
	@CsvSource({ "COMPLETED, 0", "SUPERSEDED, 0", "STOPPED, 3", "FAILED, 1", "RUNNING, 1" })
	void theExitStatusFollowsTheState(RunState state, int exit) {
		assertThat(report(RunMode.PURGE, state, Guarantee.COMPARE_AND_DELETE, true, EntryCounts.ZERO, null, List.of())
			.exitCode()
			.status()).isEqualTo(exit);
	}

	@ParameterizedTest
	@EnumSource(ExitCode.class)
	void exitStatusesAreCountedFromZero(ExitCode code) {
		assertThat(code.status()).isEqualTo(code.ordinal());
	}

}
