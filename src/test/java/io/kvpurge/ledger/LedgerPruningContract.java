package io.kvpurge.ledger;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is left of a pruned run can still be verified. */
abstract class LedgerPruningContract extends LedgerContract {

	private static final RunId FIRST = new RunId("cache", 1);

	private static final RunId SECOND = new RunId("cache", 2);

	@TempDir
	Path folder;

	private Instant between;

	/** Two sealed runs with calls, an instant between their ends, and an unsealed run. */
	private void threeRuns() {
		for (int i = 0; i < 2; i++) {
			RunFence fence = beginWithRanges("cache", 3);
			delete(fence, 1, "a" + i, "b" + i);
			delete(fence, 1, "c" + i);
			delete(fence, 2, "d" + i);
			addJob(fence.run());
			this.ledger.seal(fence, RunState.COMPLETED, "done");
			this.between = (i == 0) ? this.ledger.find(FIRST).endedAt().plusMillis(1) : this.between;
		}
		delete(beginWithRanges("cache", 1), 1, "x");
		addJob(new RunId("cache", 3));
	}

	private void addJob(RunId run) {
		int id = run.number();
		insert("batch_job_instance (job_instance_id, job_name, job_key) values (?, 'purge', ?)", id, "" + id);
		for (int execution : List.of(10 * id, 10 * id + 1)) {
			insert("batch_job_execution (job_execution_id, job_instance_id, create_time) values (?, ?, ?)", execution,
					id, Timestamps.of(AS_OF).toLocalDateTime());
			insert("batch_job_execution_context (job_execution_id, short_context) values (?, '')", execution);
			insert("batch_job_execution_params values (?, 'run', 'java.lang.String', ?, 'Y')", execution,
					run.toString());
			insert("batch_job_execution_params values (?, 'store', 'java.lang.String', 'cache.1', 'Y')", execution);
			insert("batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time)"
					+ " values (?, 1, 'split', ?, ?)", execution, execution, Timestamps.of(AS_OF).toLocalDateTime());
			insert("batch_step_execution_context (step_execution_id, short_context) values (?, '')", execution);
		}
	}

	private void insert(String what, Object... values) {
		this.jdbc.sql("insert into " + what).params(values).update();
	}

	private int count(String table) {
		return this.jdbc.sql("select count(*) from " + table).query(Integer.class).single();
	}

	private List<Integer> batchRows() {
		return List.of(count("batch_job_instance"), count("batch_job_execution"), count("batch_job_execution_context"),
				count("batch_job_execution_params"), count("batch_step_execution"),
				count("batch_step_execution_context"));
	}

	private int calls(RunId run) {
		int[] count = new int[1];
		this.ledger.calls(run, (call) -> count[0]++);
		return count[0];
	}

	@Test
	void oldSealedRunLosesItsCallsAndNothingElse() {
		threeRuns();
		PurgeRun before = this.ledger.find(FIRST);
		RunTotals totals = this.ledger.totals(FIRST);
		assertThat(this.ledger.prune("cache", this.between)).containsExactly(new PrunedRun(before, 3, null));
		assertThat(calls(FIRST)).isZero();
		assertThat(calls(SECOND)).isEqualTo(3);
		PurgeRun after = this.ledger.find(FIRST);
		assertThat(after.prunedAt()).isNotNull();
		assertThat(after.seal()).isEqualTo(before.seal());
		assertThat(this.ledger.totals(FIRST)).isEqualTo(totals);
		assertThat(this.ledger.attempts(FIRST)).hasSize(1);
		assertThat(batchRows()).containsExactly(2, 4, 4, 8, 4, 4);
		assertIntact(this.ledger.verify(FIRST), 3, 0);
		assertIntact(this.ledger.verify(SECOND), 3, 3);
	}

	@Test
	void unsealedRunIsNeverTouchedAndNothingIsPrunedTwice() {
		threeRuns();
		Instant late = Instant.parse("2100-01-01T00:00:00Z");
		assertThat(this.ledger.prune("cache", late)).extracting((pruned) -> pruned.run().id())
			.containsExactly(FIRST, SECOND);
		assertThat(this.ledger.prune("cache", late)).isEmpty();
		assertThat(this.ledger.prune("other", late)).isEmpty();
		assertThat(calls(new RunId("cache", 3))).isOne();
		assertThat(batchRows()).containsExactly(1, 2, 2, 4, 2, 2);
	}

	@Test
	void runThatIsNotIntactIsLeftAlone() {
		threeRuns();
		this.jdbc.sql("update purge_call set outcomes = '2S' where number = 1 and range_no = 1 and sequence = 1")
			.update();
		String before = content();
		assertThat(this.ledger.prune("cache", this.between)).singleElement()
			.satisfies((pruned) -> assertThat(pruned.problem())
				.startsWith("range-00001 of run cache.1, call 1: its outcomes"));
		assertThat(content()).isEqualTo(before);
		assertThat(batchRows()).containsExactly(3, 6, 6, 12, 6, 6);
	}

	@Test
	void whatIsWrongWithRunsThatAreNotToBePrunedIsNotItsBusiness() {
		threeRuns();
		Instant late = Instant.parse("2100-01-01T00:00:00Z");
		this.ledger.prune("cache", this.between);
		this.jdbc.sql("update purge_range set deleted = 9 where number <> 2").update();
		assertThat(this.ledger.verify(FIRST).isIntact()).isFalse();
		assertThat(this.ledger.verify(new RunId("cache", 3)).isIntact()).isFalse();
		assertThat(this.ledger.prune("cache", late)).extracting((pruned) -> pruned.run().id()).containsExactly(SECOND);
	}

	@Test
	void aRunThatEndedAtTheInstantIsNotOldEnough() {
		threeRuns();
		Instant end = this.ledger.find(FIRST).endedAt();
		assertThat(this.ledger.prune("cache", end)).isEmpty();
		assertThat(this.ledger.prune("cache", end.plusNanos(1000))).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "purge_range set deleted = 9", "purge_range set pruned_calls = 7 where range_no = 1",
			"purge_range set pruned_announced = 'x' where range_no = 2",
			"purge_range set pruned_settled = 'x' where range_no = 3", "purge_range set pruned_calls = null",
			"purge_range set position = '{}'", "purge_run set pruned_at = null", "purge_run set reason = 'well done'",
			"purge_attempt set host = 'other'" })
	void changeOfWhatIsLeftIsFound(String change) {
		threeRuns();
		this.ledger.prune("cache", this.between);
		this.jdbc.sql("update " + change + (change.contains(" where ") ? " and" : " where") + " number = 1").update();
		assertThat(this.ledger.verify(FIRST).isIntact()).isFalse();
	}

	@Test
	void callThatWasPutBackIsFound() {
		threeRuns();
		this.ledger.prune("cache", this.between);
		insert("""
				purge_call select name, 1, range_no, sequence, attempt, state, key_count, keys_packed, outcomes,
					reasons, deleted, inferred, vanished, spared, refused, left_over, announced_at, settled_at,
					announced_hash, settled_hash from purge_call where number = 2 and range_no = 2""");
		assertThat(this.ledger.verify(FIRST).problem())
			.isEqualTo("range-00002 of run cache.1, call 1: is there, though the calls of the range were pruned");
	}

	@Test
	void prunedRunIsIntactInItsFile() {
		threeRuns();
		this.ledger.prune("cache", this.between);
		RunExport export = new RunExport(this.folder.resolve("run.gz"));
		this.ledger.export(FIRST, export);
		Verification found = export.verify();
		assertIntact(found, 3, 0);
		assertThat(found.run().prunedAt()).isEqualTo(this.ledger.find(FIRST).prunedAt());
	}

}
