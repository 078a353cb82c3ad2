package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.BackOffPolicy;

import io.kvpurge.store.TransientStoreException;

/**
 * Waits as long as the store asks for; where it does not say, for a pause that doubles
 * with each failure, of which a random half is left out so that ranges do not come back
 * all at once.
 */
final class RetryAfterBackOffPolicy implements BackOffPolicy {

	private static final int MOST_DOUBLINGS = 20;

	private final RetrySettings settings;

	private final Waiter waiter;

	RetryAfterBackOffPolicy(RetrySettings settings, Waiter waiter) {
		this.settings = settings;
		this.waiter = waiter;
	}

	@Override
	public BackOffContext start(RetryContext context) {
		return new Failing(context);
	}

	@Override
	public void backOff(BackOffContext context) throws BackOffInterruptedException {
		RetryContext retry = ((Failing) context).retry();
		try {
			this.waiter.await(pause(retry));
		}
		catch (InterruptedException ex) {
			throw new BackOffInterruptedException("gave up waiting", ex);
		}
	}

	private Duration pause(RetryContext retry) {
		if (retry.getLastThrowable() instanceof TransientStoreException ex && ex.retryAfter() != null
				&& !ex.retryAfter().isZero()) {
			return ex.retryAfter();
		}
		long factor = 1L << Math.min(MOST_DOUBLINGS, Math.max(0, retry.getRetryCount() - 1));
		long millis = Math.min(this.settings.firstPause().toMillis() * factor, this.settings.longestPause().toMillis());
		return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
	}

	/** What the failure was is known to the retry only. */
	private record Failing(RetryContext retry) implements BackOffContext {

	}

}
