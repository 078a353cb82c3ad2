package io.kvpurge.job;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A request to end at the next chunk. It is made once, is never taken back, and ends
 * every wait at once. Nobody is interrupted: an interrupt in the middle of a file
 * operation would close the embedded database.
 */
final class StopSignal {

	private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

	private final CountDownLatch requested = new CountDownLatch(1);

	/** Asks to stop; the first reason stays. */
	void request(String why) {
		if (this.reason.compareAndSet(null, why)) {
			this.requested.countDown();
		}
	}

	boolean isRequested() {
		return this.reason.get() != null;
	}

	/** Why, one line; null if nobody asked. */
	@Nullable String reason() {
		return this.reason.get();
	}

	/**
	 * Waits for that long, or until a stop is requested.
	 * @throws InterruptedException if a stop is or was requested
	 */
	void await(Duration duration) throws InterruptedException {
		if (this.requested.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new InterruptedException("stop requested: " + reason());
		}
	}

}
