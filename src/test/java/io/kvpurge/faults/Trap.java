package io.kvpurge.faults;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/** Kills its own process at the nth occurrence of a point. Safe for several threads. */
final class Trap {

	private final @Nullable Point point;

	private final int occurrence;

	private final EventLog events;

	private final AtomicInteger seen = new AtomicInteger();

	Trap(@Nullable Point point, int occurrence, EventLog events) {
		this.point = point;
		this.occurrence = occurrence;
		this.events = events;
	}

	/** Does not return where the trap is set for this occurrence. */
	void reach(Point reached) {
		if (springs(reached)) {
			kill();
		}
	}

	/** Whether this occurrence is the one: the caller then has to {@link #kill}. */
	boolean springs(Point reached) {
		return reached == this.point && this.seen.incrementAndGet() == this.occurrence;
	}

	/** SIGKILL. Never returns. */
	void kill() {
		this.events.write(EventLog.HIT + this.point);
		try {
			new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
			new CountDownLatch(1).await();
		}
		catch (IOException | InterruptedException ex) {
			Runtime.getRuntime().halt(99);
		}
	}

}
