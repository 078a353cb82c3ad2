package io.kvpurge.testkit;

import java.util.concurrent.atomic.AtomicReference;

import org.jetbrains.lincheck.Lincheck;

/**
 * Runs a small piece of work of several threads in the ways in which they may take turns,
 * as Lincheck's model checker chooses them. A failure comes with the turns that led to
 * it. How many ways are tried: {@code -Dkvpurge.interleavings=N}.
 */
public final class Interleavings {

	private static final int TRIED = Integer.getInteger("kvpurge.interleavings", 25);

	private static final int ROUNDS = 40;

	private Interleavings() {
	}

	/** All of it, the threads included, must begin within the work. */
	public static void of(Work work) {
		Lincheck.runConcurrentTest(TRIED, () -> {
			try {
				work.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	/**
	 * Runs it again and again with threads that take turns as they come: for what is too
	 * much for the model checker. Forty times as often as there are ways to be tried.
	 */
	public static void asTheyCome(Work work) {
		for (int i = 0; i < ROUNDS * TRIED; i++) {
			try {
				work.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	/**
	 * Starts a thread for each of them and waits for all.
	 * @throws IllegalStateException if one of them failed
	 */
	public static void together(Work... works) {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread[] threads = new Thread[works.length];
		for (int i = 0; i < works.length; i++) {
			Work work = works[i];
			threads[i] = new Thread(() -> {
				try {
					work.run();
				}
				catch (Throwable ex) {
					failure.compareAndSet(null, ex);
				}
			});
			threads[i].start();
		}
		try {
			for (Thread thread : threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		if (failure.get() != null) {
			throw new IllegalStateException(failure.get());
		}
	}

	/** What one thread does. */
	@FunctionalInterface
	public interface Work {

		void run() throws Exception;

	}

}
