package io.kvpurge.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.PurgeJobs;

/**
 * Turns a signal that ends the process (SIGTERM, SIGINT) into a stop at the next chunk,
 * and keeps the process alive until the run has ended and was reported. The exit status
 * is then the signal's: 143 or 130.
 */
final class TerminationSignal {

	/** Longer than any call to a store may take. */
	private static final long LONGEST_STOP_SECONDS = 90;

	private static final CountDownLatch finished = new CountDownLatch(1);

	private static volatile boolean signalled;

	private TerminationSignal() {
	}

	/** Does the work; a signal that comes meanwhile stops its run. */
	static <T extends @Nullable Object> T stopping(PurgeJobs jobs, Supplier<T> work) {
		return stopping(jobs::requestStop, work);
	}

	/**
	 * Does the work; a signal that comes meanwhile stops it.
	 * @param stop is given the reason, one line
	 */
	static <T extends @Nullable Object> T stopping(Consumer<String> stop, Supplier<T> work) {
		Thread hook = new Thread(() -> stop(stop), "signal");
		Runtime.getRuntime().addShutdownHook(hook);
		try {
			return work.get();
		}
		finally {
			remove(hook);
		}
	}

	private static void stop(Consumer<String> stop) {
		signalled = true;
		stop.accept("stopped by a signal");
		try {
			if (!finished.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
				System.err.println("kvpurge: the run does not stop; it can be carried on all the same");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void remove(Thread hook) {
		if (!signalled) {
			try {
				Runtime.getRuntime().removeShutdownHook(hook);
			}
			catch (IllegalStateException ex) {
				// The signal came this moment: the hook is running.
			}
		}
	}

	/** Ends the process; after a signal, its status is that of the signal. */
	static void exit(int status) {
		finished.countDown();
		if (!signalled) {
			System.exit(status);
		}
	}

}
