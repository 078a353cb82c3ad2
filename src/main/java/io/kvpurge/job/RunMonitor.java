package io.kvpurge.job;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.Window;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunStage;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.store.resilient.Traffic;

/**
 * Watches a run from beside: shows the world what the ledger says, and obeys a hold. It
 * asks the ledger and no worker, so that what is shown is what is written down.
 */
final class RunMonitor implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(RunMonitor.class);

	private static final long TICK_MILLIS = 200;

	private static final int TICKS_PER_LOOK = 5;

	private final DefinitionHome home;

	private final DeletionLedger ledger;

	private final PurgeRun run;

	private final @Nullable Window window;

	private final RangeHint hint;

	private final RunListener listener;

	private final StopSignal stop;

	private final Clock clock;

	private final Instant startedAt;

	private final PaceMeter pace;

	private final Traffic traffic;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "monitor");
		thread.setDaemon(true);
		return thread;
	});

	private int tick;

	private boolean rangesShown;

	private volatile @Nullable String heldBefore;

	/**
	 * @param traffic knows why the run waits
	 * @param window when the run may delete, null for at any time
	 */
	RunMonitor(DefinitionHome home, DeletionLedger ledger, PurgeRun run, @Nullable Window window, RangeHint hint,
			Traffic traffic, RunListener listener, StopSignal stop, Clock clock) {
		this.window = window;
		this.traffic = traffic;
		this.home = home;
		this.ledger = ledger;
		this.run = run;
		this.hint = hint;
		this.listener = listener;
		this.stop = stop;
		this.clock = clock;
		this.startedAt = clock.instant();
		this.pace = PaceMeter.of(ledger, run);
	}

	/** Why a run ends with its window. */
	static String over(Window window) {
		return "its window is over (" + window + "): the next launch within it carries on";
	}

	void start() {
		Hold hold = this.home.activeHold();
		// Whoever restores has often stopped the purge before, and holds it meanwhile.
		this.heldBefore = (hold != null && this.run.identity().mode() == RunMode.RESTORE) ? hold.text() : null;
		this.listener.onStart(this.run, this.ledger.totals(this.run.id()));
		ScheduledFuture<?> unused = this.timer.scheduleWithFixedDelay(LogLabels.carriedTo(this::tick), 0, TICK_MILLIS,
				TimeUnit.MILLISECONDS);
	}

	private void tick() {
		try {
			Hold hold = this.home.activeHold();
			if (hold != null && !hold.text().equals(this.heldBefore)) {
				this.stop.request("held: " + hold.text());
			}
			if (this.window != null && !this.window.contains(this.clock.instant())) {
				this.stop.request(RunState.PAUSED, over(this.window));
			}
			if (this.tick++ % TICKS_PER_LOOK == 0) {
				look();
			}
		}
		catch (RuntimeException ex) {
			// Whoever only watches must not end the run; the workers meet the same
			// trouble.
			logger.debug("cannot look at the run", ex);
		}
	}

	private void look() {
		PurgeRun now = this.ledger.find(this.run.id());
		RunStage stage = (now != null) ? now.stage() : null;
		List<LedgerRange> ranges = this.ledger.ranges(this.run.id());
		if (!this.rangesShown && !ranges.isEmpty()) {
			this.rangesShown = true;
			this.listener.onRanges(ranges);
			String line = this.hint.line(ranges.size());
			if (line != null) {
				this.listener.onHint(line);
			}
		}
		RunTotals totals = RunTotals.of(stage, ranges);
		Pace pace = this.pace.look(stage, totals, this.clock.instant()).paused(this.traffic.strain());
		this.home.show(LiveRun.of(this.run, this.startedAt, this.clock.instant(), totals, ranges, pace));
		this.listener.onProgress(totals, pace);
	}

	/** Looks a last time, and is silent from then on. */
	@Override
	public void close() {
		this.timer.shutdown();
		try {
			if (!this.timer.awaitTermination(10, TimeUnit.SECONDS)) {
				logger.warn("the monitor does not end");
			}
			look();
			this.home.hide();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.debug("cannot look at the run", ex);
		}
	}

}
