package io.kvpurge.testkit.cloudflare;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/** So many requests in a window that begins with the first of them. */
final class RateLimiter {

	private final Clock clock;

	private final Random random;

	private int requests;

	private Duration window;

	private long windowEnd;

	private int taken;

	RateLimiter(int requests, Duration window, Clock clock, Random random) {
		this.clock = clock;
		this.random = random;
		limit(requests, window);
	}

	/** A limit from now on, with a new window. */
	synchronized void limit(int requests, Duration window) {
		this.requests = requests;
		this.window = window;
		this.windowEnd = 0;
	}

	/**
	 * Takes one request.
	 * @return how it stands, which every answer says
	 * @throws ApiError if there is none left
	 */
	synchronized Standing take() {
		long now = this.clock.millis();
		if (now >= this.windowEnd) {
			this.windowEnd = now + this.window.toMillis();
			this.taken = 0;
		}
		long seconds = seconds(this.windowEnd - now);
		if (this.taken >= this.requests) {
			throw new ApiError(standing(0, seconds).in(throttled(this.random).with("Retry-After", "" + seconds)));
		}
		this.taken++;
		return standing(this.requests - this.taken, seconds);
	}

	private Standing standing(int left, long seconds) {
		return new Standing(left, seconds, this.requests, seconds(this.window.toMillis()));
	}

	/** Whole seconds, rounded up as the service does. */
	private static long seconds(long milliseconds) {
		return (milliseconds + 999) / 1000;
	}

	static Answer throttled(Random random) {
		return random.nextBoolean() ? Answer.error(429, 971, "Please wait and consider throttling your request speed")
				: Answer.error(429, 10022, "too many requests");
	}

	/** How many requests are left, for how many seconds, of how many. */
	record Standing(int left, long seconds, int requests, long window) {

		/** As it stands for a client that is throttled by chance. */
		Standing after(@Nullable Fault fault) {
			boolean throttled = fault != null && fault.status() == 429 && fault.retryAfter() != null;
			return throttled ? new Standing(0, fault.retryAfter(), this.requests, this.window) : this;
		}

		Answer in(Answer answer) {
			return answer.with("Ratelimit", "\"default\";r=" + this.left + ";t=" + this.seconds)
				.with("Ratelimit-Policy", "\"default\";q=" + this.requests + ";w=" + this.window);
		}

	}

}
