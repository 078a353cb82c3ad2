package io.kvpurge.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes the calls of sealed runs, and what the job repository keeps of them. Each run
 * is one transaction.
 */
final class RunPruning {

	/** The executions of a run, by the job parameter that names it. */
	static final String EXECUTIONS = """
			select e.job_execution_id from batch_job_execution e where e.job_instance_id in (
				select n.job_instance_id from batch_job_execution n
				join batch_job_execution_params p on p.job_execution_id = n.job_execution_id
				where p.parameter_name = 'run' and p.parameter_value = ?)""";

	private final JdbcClient jdbc;

	private final PurgeRunTable runs;

	private final PurgeRangeTable ranges;

	private final PurgeCallTable calls;

	private final RunRows rows;

	private final TransactionTemplate transaction;

	RunPruning(JdbcClient jdbc, PurgeRunTable runs, PurgeRangeTable ranges, PurgeCallTable calls, RunRows rows,
			TransactionTemplate transaction) {
		this.jdbc = jdbc;
		this.runs = runs;
		this.ranges = ranges;
		this.calls = calls;
		this.rows = rows;
		this.transaction = transaction;
	}

	List<PrunedRun> prune(String definition, Instant endedBefore, Instant now) {
		List<PrunedRun> pruned = new ArrayList<>();
		List<PurgeRun> oldestFirst = new ArrayList<>(this.runs.all(definition));
		Collections.reverse(oldestFirst);
		for (PurgeRun run : oldestFirst) {
			Instant endedAt = run.endedAt();
			if (run.seal() == null || run.prunedAt() != null || endedAt == null || !endedAt.isBefore(endedBefore)) {
				continue;
			}
			// What is not intact is evidence: it stays.
			Verification found = this.rows.verify(run.id());
			if (!found.isIntact()) {
				pruned.add(new PrunedRun(run, 0, found.problem()));
			}
			else if (prune(run.id(), now)) {
				pruned.add(new PrunedRun(run, found.calls(), null));
			}
		}
		return pruned;
	}

	/** False if somebody else has pruned it meanwhile. */
	private boolean prune(RunId id, Instant now) {
		return Boolean.TRUE.equals(this.transaction.execute((status) -> {
			if (!this.runs.markPruned(id, now)) {
				return false;
			}
			for (StoredRange range : this.ranges.all(id)) {
				this.ranges.keepChain(range, this.calls.chain(id, range.number()));
			}
			this.calls.deleteAll(id);
			forgetJob(id);
			return true;
		}));
	}

	private void forgetJob(RunId id) {
		String run = id.toString();
		List<Long> instances = this.jdbc
			.sql("select distinct job_instance_id from batch_job_execution where job_execution_id in (" + EXECUTIONS
					+ ")")
			.param(run)
			.query((row, index) -> row.getLong(1))
			.list();
		for (String table : List.of(
				"batch_step_execution_context where step_execution_id in ("
						+ "select step_execution_id from batch_step_execution where job_execution_id in (%s))",
				"batch_step_execution where job_execution_id in (%s)",
				"batch_job_execution_context where job_execution_id in (%s)")) {
			this.jdbc.sql("delete from " + table.formatted(EXECUTIONS)).param(run).update();
		}
		for (long instance : instances) {
			this.jdbc.sql("""
					delete from batch_job_execution_params where job_execution_id in (
						select job_execution_id from batch_job_execution where job_instance_id = ?)""")
				.param(instance)
				.update();
			this.jdbc.sql("delete from batch_job_execution where job_instance_id = ?").param(instance).update();
			this.jdbc.sql("delete from batch_job_instance where job_instance_id = ?").param(instance).update();
		}
	}

}
