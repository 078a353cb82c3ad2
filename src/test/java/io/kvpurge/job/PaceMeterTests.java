package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RestoreTerms;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunStage;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;

class PaceMeterTests {

	private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");

	@TempDir
	Path folder;

	private LedgerDatabase database;

	private DeletionLedger ledger;

	@BeforeEach
	void open() {
		this.database = LedgerDatabase.openFile(this.folder.resolve("ledger"), Clock.systemUTC());
		this.ledger = this.database.ledger();
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	private RunFence begin(RunMode mode, String parameters, @Nullable Integer other) {
		RunIdentity identity = new RunIdentity("assets", "d1", parameters, "memory:1", mode, NOON,
				(mode == RunMode.APPLY) ? other : null,
				(mode == RunMode.RESTORE && other != null) ? new RestoreTerms(other, null, false) : null);
		return this.ledger.begin(identity, "name: assets", Guarantee.LIST_THEN_DELETE, true,
				new RunOrigin("me", "here", 1, "1"), null);
	}

	private PurgeRun completed(RunMode mode, String parameters, EntryCounts counts) {
		RunFence fence = begin(mode, parameters, null);
		this.ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
		this.ledger.save(fence, 1, new RangeProgress(ListingPosition.START, counts, CallCounts.ZERO, Map.of(), true));
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		return found(fence);
	}

	private PurgeRun found(RunFence fence) {
		PurgeRun run = this.ledger.find(fence.run());
		assertThat(run).isNotNull();
		return run;
	}

	private static EntryCounts counts(long listed, long matched, long deleted) {
		return new EntryCounts(listed, listed - matched, 0, 0, matched, deleted, 0, 0, 0);
	}

	private static RunTotals totals(EntryCounts counts) {
		return new RunTotals(4, 1, counts, CallCounts.ZERO, Map.of());
	}

	/** From 1,000 listed to 3,000 in ten seconds. */
	private static Pace measured(PaceMeter meter, @Nullable RunStage stage) {
		assertThat(meter.look(stage, totals(counts(1_000, 0, 0)), NOON)).isEqualTo(Pace.NOT_YET);
		return meter.look(stage, totals(counts(3_000, 0, 0)), NOON.plusSeconds(10));
	}

	@Test
	void theLastCompleteRunTellsHowMuchIsLeft() {
		completed(RunMode.PURGE, "{}", counts(90_000, 500, 500));
		completed(RunMode.PURGE, "{}", counts(9_000, 500, 500));
		completed(RunMode.PURGE, "{\"tag\":\"x\"}", counts(70_000, 500, 500));
		Pace pace = measured(PaceMeter.of(this.ledger, found(begin(RunMode.PURGE, "{}", null))), null);
		assertThat(pace).isEqualTo(new Pace(200L, Duration.ofSeconds(30), null, null, null));
		assertThat(pace.text()).isEqualTo("about 30 s left");
	}

	@Test
	void aPlanTellsItAsWell() {
		completed(RunMode.PLAN, "{}", counts(9_000, 500, 0));
		assertThat(measured(PaceMeter.of(this.ledger, found(begin(RunMode.PURGE, "{}", null))), null).left())
			.hasSeconds(30);
	}

	@Test
	void whatIsAppliedIsAsMuchAsThePlanFound() {
		PurgeRun plan = completed(RunMode.PLAN, "{}", counts(90_000, 5_000, 0));
		PurgeRun apply = found(begin(RunMode.APPLY, "{}", plan.id().number()));
		assertThat(measured(PaceMeter.of(this.ledger, apply), null).left()).hasSeconds(10);
	}

	@Test
	void whatIsRestoredIsAsMuchAsWasDeleted() {
		PurgeRun purge = completed(RunMode.PURGE, "{}", counts(90_000, 6_000, 5_000));
		PurgeRun restore = found(begin(RunMode.RESTORE, "{}", purge.id().number()));
		assertThat(measured(PaceMeter.of(this.ledger, restore), null).left()).hasSeconds(10);
	}

	@Test
	void withoutACompleteRunNothingIsGuessed() {
		this.ledger.end(begin(RunMode.PURGE, "{}", null), RunState.FAILED, "broken");
		Pace pace = measured(PaceMeter.of(this.ledger, found(begin(RunMode.PURGE, "{}", null))), null);
		assertThat(pace.perSecond()).isEqualTo(200);
		assertThat(pace.estimate()).isNull();
		assertThat(pace.text()).isEqualTo("time left unknown: there is no complete run to compare with");
	}

	@Test
	void whoListsMoreThanLastTimeDoesNotKnow() {
		PurgeRun before = completed(RunMode.PURGE, "{}", counts(2_999, 0, 0));
		assertThat(measured(PaceMeter.of(this.ledger, found(begin(RunMode.PURGE, "{}", null))), null).text())
			.isEqualTo("time left unknown: it lists more than the 2,999 keys of " + before.id());
	}

	@Test
	void aRunThatFindsFirstIsMeasuredAnewWhenItDeletes() {
		completed(RunMode.PURGE, "{}", counts(9_000, 500, 500));
		PaceMeter meter = PaceMeter.of(this.ledger, found(begin(RunMode.PURGE, "{}", null)));
		Pace finding = measured(meter, RunStage.FINDING);
		assertThat(finding.left()).isNull();
		assertThat(finding.text()).isEqualTo("about 30 s until all is found");
		assertThat(meter.look(RunStage.DELETING, totals(counts(9_000, 800, 0)), NOON.plusSeconds(40)))
			.isEqualTo(Pace.NOT_YET);
		Pace deleting = meter.look(RunStage.DELETING, totals(counts(9_000, 800, 200)), NOON.plusSeconds(50));
		assertThat(deleting).isEqualTo(new Pace(20L, Duration.ofSeconds(30), null, null, null));
	}

	@Test
	void aStandstillIsNoPace() {
		PaceMeter meter = PaceMeter.of(this.ledger, found(begin(RunMode.PURGE, "{}", null)));
		meter.look(null, totals(counts(1_000, 0, 0)), NOON);
		assertThat(meter.look(null, totals(counts(1_000, 0, 0)), NOON.plusSeconds(60))).isEqualTo(Pace.NOT_YET);
		assertThat(meter.look(null, totals(counts(2_000, 0, 0)), NOON.plusSeconds(1))).isEqualTo(Pace.NOT_YET);
	}

	@ParameterizedTest
	@CsvSource({ "PT0.1S, 1 s", "PT89S, 89 s", "PT90S, 2 min", "PT59M31S, 60 min", "PT3H5M, 3 h 5 min" })
	void timeLeftIsNoFinerThanAGuess(Duration left, String text) {
		assertThat(new Pace(1L, left, null, null, null).text()).isEqualTo("about " + text + " left");
	}

}
