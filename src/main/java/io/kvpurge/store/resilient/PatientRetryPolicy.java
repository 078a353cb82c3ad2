package io.kvpurge.store.resilient;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.context.RetryContextSupport;

import io.kvpurge.store.TransientStoreException;

/**
 * Repeats what failed in passing, so many times; but where the store asks to be left
 * alone, for as long as throttling may last, however often it asks.
 */
final class PatientRetryPolicy implements RetryPolicy {

	private static final Duration THROTTLED_FOR = Duration.ofMinutes(15);

	private final int attempts;

	PatientRetryPolicy(int attempts) {
		this.attempts = attempts;
	}

	@Override
	public boolean canRetry(RetryContext context) {
		Throwable last = context.getLastThrowable();
		if (last == null) {
			return true;
		}
		Failures failures = (Failures) context;
		return last instanceof TransientStoreException passing && (isThrottling(passing)
				? failures.age().compareTo(THROTTLED_FOR) < 0 : failures.counted < this.attempts);
	}

	private static boolean isThrottling(TransientStoreException failure) {
		return failure.retryAfter() != null;
	}

	@Override
	public RetryContext open(@Nullable RetryContext parent) {
		return new Failures(parent);
	}

	@Override
	public void close(RetryContext context) {
	}

	@Override
	public void registerThrowable(RetryContext context, Throwable failure) {
		Failures failures = (Failures) context;
		failures.registerThrowable(failure);
		if (!(failure instanceof TransientStoreException passing) || !isThrottling(passing)) {
			failures.counted++;
		}
	}

	/** What failed so far, and since when. */
	private static final class Failures extends RetryContextSupport {

		private static final long serialVersionUID = 1L;

		private final long startedNanos = System.nanoTime();

		private int counted;

		Failures(@Nullable RetryContext parent) {
			super(parent);
		}

		Duration age() {
			return Duration.ofNanos(System.nanoTime() - this.startedNanos);
		}

	}

}
