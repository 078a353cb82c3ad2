package io.kvpurge.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

	private final RunBeginning beginning;

	private final RangeWriting writing;

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
		// As finely as every database keeps it.
		this.clock = Clock.tick(clock, Duration.of(1, ChronoUnit.MICROS));
		boolean postgresql = isPostgresql(dataSource);
		this.jdbc = jdbc;
		this.syncs = postgresql;
		this.runs = new PurgeRunTable(jdbc, postgresql);
		this.attempts = new PurgeAttemptTable(jdbc);
		this.ranges = new PurgeRangeTable(jdbc);
		this.calls = new PurgeCallTable(jdbc);
		JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
		this.rows = new RunRows(this.runs, this.attempts, this.ranges, this.calls, transactions);
		this.beginning = new RunBeginning(this.runs, this.attempts, this.ranges, this.clock);
		this.writing = new RangeWriting(this.runs, this.ranges, this.calls, proof, this.clock);
		this.ending = new RunEnding(this.runs, this.attempts, this.ranges, this.calls);
		this.transaction = new TransactionTemplate(transactions);
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
		return inTransaction(
				() -> this.beginning.begin(identity, definitionText, guarantee, tellsVanished, origin, replaces));
	}

	@Override
	public RunFence takeOver(RunId id, RunOrigin origin) {
		return inTransaction(() -> this.beginning.takeOver(id, origin));
	}

	@Override
	public List<RunAttempt> attempts(RunId id) {
		return this.attempts.all(id);
	}

	@Override
	public void prove(RunFence fence) {
		boolean isOwner = (this.proof != null) ? this.proof.prove(fence)
				: this.attempts.sign(fence, this.clock.instant());
		if (!isOwner) {
			throw new FencedException(fence);
		}
	}

	@Override
	public List<LedgerRange> saveRanges(RunFence fence, List<KeyRange> bounds) {
		return inTransaction(() -> this.writing.saveRanges(fence, bounds));
	}

	@Override
	public List<LedgerRange> ranges(RunId id) {
		return this.ranges.shown(id);
	}

	@Override
	public LedgerCall announce(RunFence fence, int range, List<Key> keys, @Nullable Long maxDeletes) {
		LedgerCall announced = inTransaction(() -> this.writing.announce(fence, range, keys, maxDeletes));
		if (!this.syncs) {
			// A commit of H2 is written, but not forced to the disk: a machine that
			// crashes could forget a call that was sent.
			this.jdbc.sql("checkpoint sync").update();
		}
		return announced;
	}

	@Override
	public void plan(RunFence fence, int range, List<Key> keys, RangeProgress progress) {
		write(() -> this.writing.plan(fence, range, keys, progress));
	}

	@Override
	public void findFirst(RunFence fence, boolean first) {
		write(() -> {
			this.runs.owned(fence);
			this.runs.stage(fence.run(), first ? RunStage.FINDING : null);
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
		write(() -> {
			if (this.runs.owned(fence).stage() == RunStage.FINDING) {
				this.ranges.rewind(fence.run());
				this.runs.stage(fence.run(), RunStage.DELETING);
			}
		});
	}

	@Override
	public @Nullable LedgerCall call(RunId id, int range, int sequence) {
		return this.calls.find(id, range, sequence);
	}

	@Override
	public void forecast(RunFence fence, Forecast forecast) {
		write(() -> {
			this.runs.owned(fence);
			this.runs.forecast(fence.run(), LedgerJson.text(forecast));
		});
	}

	@Override
	public void settle(RunFence fence, LedgerCall call, List<KeyOutcome> outcomes, RangeProgress progress) {
		Instant settledAt = this.clock.instant();
		write(() -> this.writing.settle(fence, call, outcomes, progress, settledAt));
	}

	@Override
	public void save(RunFence fence, int range, RangeProgress progress) {
		write(() -> this.writing.save(fence, range, progress));
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
		write(() -> this.ending.end(fence, state, reason, this.clock.instant()));
	}

	@Override
	public String seal(RunFence fence, RunState state, String reason) {
		return inTransaction(() -> this.ending.seal(fence, state, reason, this.clock.instant()));
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
			.prune(definition, endedBefore, this.clock.instant());
	}

	@Override
	public void export(RunId id, RunExport target) {
		this.rows.export(id, target);
	}

	private <T> T inTransaction(Supplier<T> work) {
		T result = this.transaction.execute((status) -> work.get());
		if (result == null) {
			throw new IllegalStateException("a transaction gave nothing");
		}
		return result;
	}

	private void write(Runnable work) {
		this.transaction.executeWithoutResult((status) -> work.run());
	}

}
