package io.kvpurge.testkit.cloudflare;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** So many of something each day (UTC), as on the free plan. */
final class DailyQuota {

	private final String what;

	private final long perDay;

	private final Clock clock;

	private long day;

	private long taken;

	DailyQuota(String what, long perDay, Clock clock) {
		this.what = what;
		this.perDay = perDay;
		this.clock = clock;
	}

	/**
	 * Takes some.
	 * @throws ApiError if there are not as many left; then none is taken
	 */
	synchronized void take(long count) {
		long today = TimeUnit.MILLISECONDS.toDays(this.clock.millis());
		if (today != this.day) {
			this.day = today;
			this.taken = 0;
		}
		if (this.taken + count > this.perDay) {
			throw new ApiError(429, 10048, "daily limit of " + this.perDay + " " + this.what + " exceeded");
		}
		this.taken += count;
	}

}
