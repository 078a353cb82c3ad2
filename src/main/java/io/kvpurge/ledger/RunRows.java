package io.kvpurge.ledger;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;

/**
 * Reads whole runs from their tables, a few calls at a time, and each as it stood at one
 * moment, whatever its owner writes meanwhile.
 */
final class RunRows {

	private final PurgeRunTable runs;

	private final PurgeAttemptTable attempts;

	private final PurgeRangeTable ranges;

	private final PurgeCallTable calls;

	private final TransactionTemplate transaction;

	RunRows(PurgeRunTable runs, PurgeAttemptTable attempts, PurgeRangeTable ranges, PurgeCallTable calls,
			PlatformTransactionManager transactions) {
		this.runs = runs;
		this.attempts = attempts;
		this.ranges = ranges;
		this.calls = calls;
		this.transaction = new TransactionTemplate(transactions);
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
	}

	Verification verify(RunId id) {
		LedgerVerifier verifier = new LedgerVerifier();
		this.transaction.executeWithoutResult((status) -> {
			try {
				if (!show(id, verifier)) {
					verifier.fail("there is no run " + id);
				}
			}
			catch (IllegalArgumentException ex) {
				verifier.fail("run " + id + ": cannot be read: " + ex.getMessage());
			}
		});
		Verification found = verifier.verification();
		String previous = found.previousSeal();
		return (!found.isIntact() || previous == null || this.runs.isSealOfAnother(id, previous)) ? found
				: found.withProblem("run " + id + ": the seal before it, " + previous + ", is that of no other run");
	}

	void export(RunId id, RunExport target) {
		target.write((visitor) -> this.transaction.executeWithoutResult((status) -> {
			try {
				if (!show(id, visitor)) {
					throw new LedgerException("there is no run " + id);
				}
			}
			catch (IllegalArgumentException | JacksonException ex) {
				throw new LedgerException("run " + id + " cannot be exported: its rows cannot be read"
						+ " ('audit --verify' names the place): " + ex.getMessage(), ex);
			}
		}));
	}

	/** Shows a run, its ranges and its calls; false if there is none. */
	private boolean show(RunId id, RunVisitor visitor) {
		PurgeRun run = this.runs.find(id);
		if (run == null) {
			return false;
		}
		visitor.run(new RecordedRun(run, this.attempts.all(id), this.runs.previousSeal(id)));
		for (StoredRange range : this.ranges.all(id)) {
			if (!visitor.wantsMore()) {
				return true;
			}
			visitor.range(range);
			this.calls.each(id, range.number(), visitor::call);
		}
		return true;
	}

}
