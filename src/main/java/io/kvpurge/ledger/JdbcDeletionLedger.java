package io.kvpurge.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

/** The ledger in a database with the tables of {@code schema/}. */
final class JdbcDeletionLedger implements DeletionLedger {

	private final PurgeRunTable runs;

	private final JdbcClient jdbc;

	/** Whether a commit is on the disk by itself. */
	private final boolean syncs;

	private final PurgeAttemptTable attempts;

	private final PurgeRangeTable ranges;

	private final PurgeCallTable calls;

	private final RunRows rows;

	private final RunEnding ending;

	private final TransactionTemplate transaction;

	private final @Nullable OwnerProof proof;

	private final Clock clock;

	/**
	 * @param proof by which this process owns a definition or a range of a shared
	 * database; null if it only reads, or owns the whole of an embedded database
	 */
	JdbcDeletionLedger(DataSource dataSource, @Nullable OwnerProof proof, Clock clock) {
		JdbcClient jdbc = JdbcClient.create(dataSource);
		this.proof = proof;
		boolean postgresql = isPostgresql(dataSource);
		this.jdbc = jdbc;
		this.syncs = postgresql;
		this.runs = new PurgeRunTable(jdbc, postgresql);
		this.attempts = new PurgeAttemptTable(jdbc);
		this.ranges = new PurgeRangeTable(jdbc);
		this.calls = new PurgeCallTable(jdbc);
		JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
		this.rows = new RunRows(this.runs, this.attempts, this.ranges, this.calls, transactions);
		this.ending = new RunEnding(this.runs, this.attempts, this.ranges, this.calls);
		this.transaction = new TransactionTemplate(transactions);
		this.clock = clock;
	}

	private static boolean isPostgresql(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
		}
		catch (SQLException ex) {
			throw new LedgerException("cannot use the ledger's database: " + ex.getMessage(), ex);
		}
	}

	@Override
	public @Nullable PurgeRun find(RunId id) {
		return this.runs.find(id);
	}

	@Override
	public @Nullable PurgeRun latest(String definition, @Nullable RunMode mode) {
		return this.runs.latest(definition, mode);
	}

	@Override
	public List<PurgeRun> runs(String definition) {
		return this.runs.all(definition);
	}

	@Override
	public List<String> definitions() {
		return this.runs.definitions();
	}

	@Override
	public RunFence begin(RunIdentity identity, String definitionText, Guarantee guarantee, boolean tellsVanished,
			RunOrigin origin, @Nullable RunId replaces) {
		return inTransaction(() -> {
			this.runs.lock(identity.definition());
			Instant now = now();
			String launchedText = this.runs.keepDefinition(identity.digest(), identity.definition(), definitionText,
					now);
			RunId id = this.runs.nextId(identity.definition());
			this.runs.insert(id, identity, guarantee, tellsVanished, origin, replaces, launchedText, now);
			this.attempts.insert(id, 1, origin, now, 0);
			return new RunFence(id, 1);
		});
	}

	@Override
	public RunFence takeOver(RunId id, RunOrigin origin) {
		return inTransaction(() -> {
			boolean isTaken = this.runs.takeOver(id, origin);
			PurgeRun run = this.runs.find(id);
			if (!isTaken || run == null) {
				throw new IllegalStateException("run " + id + " cannot be carried on: "
						+ ((run != null) ? "it is " + run.state() : "there is none"));
			}
			RunAttempt before = this.attempts.last(id);
			if (before != null && before.endedAt() == null) {
				this.attempts.end(id, RunState.FAILED,
						RunAttempt.DIED + "; its last sign of life was at " + before.aliveAt(), now());
			}
			this.attempts.insert(id, run.attempts(), origin, now(), totals(id).progress());
			return new RunFence(id, run.fence());
		});
	}

	@Override
	public List<RunAttempt> attempts(RunId id) {
		return this.attempts.all(id);
	}

	@Override
	public void prove(RunFence fence) {
		boolean isOwner = (this.proof != null) ? this.proof.prove(fence) : this.attempts.sign(fence, now());
		if (!isOwner) {
			throw new FencedException(fence);
		}
	}

	@Override
	public List<LedgerRange> saveRanges(RunFence fence, List<KeyRange> bounds) {
		return inTransaction(() -> {
			this.runs.owned(fence);
			if (this.ranges.all(fence.run()).isEmpty()) {
				for (int i = 0; i < bounds.size(); i++) {
					this.ranges.insert(fence.run(), i + 1, bounds.get(i));
				}
			}
			return ranges(fence.run());
		});
	}

	@Override
	public List<LedgerRange> ranges(RunId id) {
		return this.ranges.all(id).stream().map(StoredRange::range).toList();
	}

	@Override
	public LedgerCall announce(RunFence fence, int range, List<Key> keys, @Nullable Long maxDeletes) {
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("a call has at least one key");
		}
		LedgerCall announced = inTransaction(() -> {
			// Locked before it is counted, so that no two announcements take the same
			// rest.
			long left = (maxDeletes != null) ? maxDeletes - this.runs.lockAndCountDeletes(fence.run()) : keys.size();
			PurgeRun run = owned(fence, range);
			if (maxDeletes != null && left <= 0) {
				throw new LimitReachedException(fence.run(), maxDeletes);
			}
			return insert(run, range, keys.subList(0, (int) Math.min(left, keys.size())));
		});
		if (!this.syncs) {
			// A commit of H2 is written, but not forced to the disk: a machine that
			// crashes could forget a call that was sent.
			this.jdbc.sql("checkpoint sync").update();
		}
		return announced;
	}

	private LedgerCall insert(PurgeRun run, int range, List<Key> keys) {
		// Read each time: after a commit whose outcome was lost, nobody else knows it.
		PurgeCallTable.Link last = this.calls.last(run.id(), range);
		int sequence = last.sequence() + 1;
		Instant announcedAt = now();
		String hash = CallHashes.announced(last.announcedHash(), run.id(), range, sequence, run.attempts(), announcedAt,
				keys);
		LedgerCall call = new LedgerCall(run.id(), range, sequence, run.attempts(), keys, announcedAt, null, List.of(),
				hash, null);
		this.calls.insert(call);
		return call;
	}

	@Override
	public void plan(RunFence fence, int range, List<Key> keys, RangeProgress progress) {
		inTransaction(() -> {
			PurgeRun run = owned(fence, range);
			if (!keys.isEmpty()) {
				LedgerCall call = insert(run, range, keys);
				this.calls.settle(call, Collections.nCopies(keys.size(), KeyOutcome.of(Outcome.PLANNED)), now());
			}
			this.ranges.update(fence.run(), range, progress);
			return true;
		});
	}

	@Override
	public void findFirst(RunFence fence, boolean first) {
		inTransaction(() -> {
			this.runs.owned(fence);
			this.runs.stage(fence.run(), first ? RunStage.FINDING : null);
			return true;
		});
	}

	@Override
	public String backup(RunFence fence, String place) {
		return inTransaction(() -> {
			String known = this.runs.owned(fence).backup();
			if (known == null) {
				this.runs.backup(fence.run(), place);
			}
			return (known != null) ? known : place;
		});
	}

	@Override
	public int calls(RunId id, int range) {
		return this.calls.last(id, range).sequence();
	}

	@Override
	public void beginDeleting(RunFence fence) {
		inTransaction(() -> {
			if (this.runs.owned(fence).stage() == RunStage.FINDING) {
				this.ranges.rewind(fence.run());
				this.runs.stage(fence.run(), RunStage.DELETING);
			}
			return true;
		});
	}

	@Override
	public @Nullable LedgerCall call(RunId id, int range, int sequence) {
		return this.calls.find(id, range, sequence);
	}

	@Override
	public void forecast(RunFence fence, Forecast forecast) {
		inTransaction(() -> {
			this.runs.owned(fence);
			this.runs.forecast(fence.run(), LedgerJson.text(forecast));
			return true;
		});
	}

	@Override
	public void settle(RunFence fence, LedgerCall call, List<KeyOutcome> outcomes, RangeProgress progress) {
		if (!call.run().equals(fence.run())) {
			throw new IllegalArgumentException("a call of run " + call.run() + " under the fence of " + fence.run());
		}
		if (outcomes.size() != call.keys().size()) {
			throw new IllegalArgumentException(
					outcomes.size() + " outcomes for a call of " + call.keys().size() + " keys");
		}
		Instant settledAt = now();
		inTransaction(() -> {
			owned(fence, call.range());
			if (!this.calls.settle(call, outcomes, settledAt)) {
				throw new IllegalStateException("call " + call.sequence() + " of range " + call.range() + " of run "
						+ call.run() + " is settled already");
			}
			this.ranges.update(fence.run(), call.range(), progress);
			return true;
		});
	}

	@Override
	public void save(RunFence fence, int range, RangeProgress progress) {
		inTransaction(() -> {
			owned(fence, range);
			this.ranges.update(fence.run(), range, progress);
			return true;
		});
	}

	@Override
	public List<Key> doneBehindPosition(RunId id, int range) {
		return this.calls.settledByLooking(id, range)
			.stream()
			.flatMap((call) -> call.keys(Outcome::isDone).stream())
			.toList();
	}

	@Override
	public List<LedgerCall> unsettled(RunId id, int range) {
		return this.calls.unsettled(id, range);
	}

	@Override
	public Findings findings(RunId id) {
		return Findings.of(ranges(id));
	}

	@Override
	public RunTotals totals(RunId id) {
		PurgeRun run = this.runs.find(id);
		return RunTotals.of((run != null) ? run.stage() : null, ranges(id));
	}

	@Override
	public void end(RunFence fence, RunState state, String reason) {
		if (!state.isResumable() || state == RunState.RUNNING) {
			throw new IllegalArgumentException(state + " ends no attempt");
		}
		inTransaction(() -> {
			this.ending.end(fence, state, reason, now());
			return true;
		});
	}

	@Override
	public String seal(RunFence fence, RunState state, String reason) {
		if (state.isResumable()) {
			throw new IllegalArgumentException(state + " is not sealed");
		}
		return inTransaction(() -> this.ending.seal(fence, state, reason, now()));
	}

	@Override
	public void calls(RunId id, Consumer<LedgerCall> consumer) {
		for (StoredRange range : this.ranges.all(id)) {
			this.calls.each(id, range.number(), (call) -> consumer.accept(call.call()));
		}
	}

	@Override
	public void callSummaries(RunId id, Consumer<CallSummary> consumer) {
		RunCourse course = new RunCourse(this.jdbc);
		this.ranges.all(id).forEach((range) -> course.calls(id, range.number(), consumer));
	}

	@Override
	public List<StepTime> steps(RunId id) {
		return new RunCourse(this.jdbc).steps(id);
	}

	@Override
	public Verification verify(RunId id) {
		return this.rows.verify(id);
	}

	@Override
	public List<PrunedRun> prune(String definition, Instant endedBefore) {
		return new RunPruning(this.jdbc, this.runs, this.ranges, this.calls, this.rows, this.transaction)
			.prune(definition, endedBefore, now());
	}

	@Override
	public void export(RunId id, RunExport target) {
		this.rows.export(id, target);
	}

	private PurgeRun owned(RunFence fence, int range) {
		PurgeRun run = this.runs.owned(fence);
		if (this.proof != null) {
			this.proof.require(fence, range);
		}
		return run;
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.MICROS);
	}

	private <T> T inTransaction(Supplier<T> work) {
		T result = this.transaction.execute((status) -> work.get());
		if (result == null) {
			throw new IllegalStateException("a transaction gave nothing");
		}
		return result;
	}

}
