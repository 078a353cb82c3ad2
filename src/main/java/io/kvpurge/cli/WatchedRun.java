package io.kvpurge.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.LiveRun;

/**
 * Follows the running purge of another process by what that shows of itself, with a line
 * for each time that it does.
 */
final class WatchedRun {

	private final Supplier<@Nullable LiveRun> live;

	private final PrintStream out;

	private final BooleanSupplier pause;

	private @Nullable LiveRun before;

	/**
	 * @param live what it shows now, null if it does not run
	 * @param pause waits until looking again is worth while; false to look no more
	 */
	WatchedRun(Supplier<@Nullable LiveRun> live, PrintStream out, BooleanSupplier pause) {
		this.live = live;
		this.out = out;
		this.pause = pause;
	}

	/** Returns when it shows nothing any more, or at once if it does not run. */
	void follow() {
		for (LiveRun now = this.live.get(); now != null; now = this.live.get()) {
			LiveRun then = this.before;
			if (then == null || now.updatedAt().isAfter(then.updatedAt())) {
				this.out.println(line(now, then));
				now.workers().forEach((worker) -> this.out.println("  " + LiveRunOutput.line(worker)));
				this.before = now;
			}
			if (!this.pause.getAsBoolean()) {
				return;
			}
		}
	}

	private static String line(LiveRun now, @Nullable LiveRun then) {
		Long rate = (then != null && then.run().equals(now.run()))
				? ProgressText.rate(then.totals(), now.totals(), Duration.between(then.updatedAt(), now.updatedAt()))
				: null;
		return now.run() + " " + ProgressText.line(now.totals(), "deleted", rate, now.pace().estimate());
	}

}
