package io.kvpurge.testkit.cloudflare;

import java.time.Clock;
import java.time.Duration;

/**
 * What the simulated service is like. The default is the paid plan, with nothing slow and
 * every change seen at once.
 *
 * @param port 0 for any
 * @param requests how many requests a token may make in a window
 * @param requestsPerSecond how many requests may come from one place in a second
 * @param bulkAtOnce how many bulk calls may be under way at once
 * @param consistencyDelay how long a change may stay hidden from listings and reads
 * @param tombstones how long a deleted key still takes a place in pages, unseen
 * @param journal off where there are too many keys to remember
 * @param seed of all that happens by chance
 */
public record Settings(int port, String token, int requests, Duration window, int requestsPerSecond, int bulkAtOnce,
		long listsPerDay, long deletesPerDay, Duration consistencyDelay, Duration tombstones, boolean journal,
		Clock clock, long seed) {

	/** Encoded in a URL it is another text. */
	static final String TOKEN = "v1.0+kvpurge/simulator+0123456789abcdef0123456789+ABCDEF/0123456789abcdef==";

	private static final int PER_SECOND = 200;

	public static Settings defaults() {
		return new Settings(0, TOKEN, 1200, Duration.ofMinutes(5), PER_SECOND, 2, Long.MAX_VALUE, Long.MAX_VALUE,
				Duration.ZERO, Duration.ofMinutes(1), true, Clock.systemUTC(), 1);
	}

	public Settings withPort(int value) {
		return new Settings(value, this.token, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				this.listsPerDay, this.deletesPerDay, this.consistencyDelay, this.tombstones, this.journal, this.clock,
				this.seed);
	}

	public Settings withToken(String value) {
		return new Settings(this.port, value, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				this.listsPerDay, this.deletesPerDay, this.consistencyDelay, this.tombstones, this.journal, this.clock,
				this.seed);
	}

	/**
	 * A window may be shorter than a second; answers round up. What comes in a second is
	 * limited too, but not to less than that.
	 */
	public Settings withRequests(int count, Duration perWindow) {
		long perSecond = Math.max(PER_SECOND, count * 1000L / perWindow.toMillis());
		return withRequests(count, perWindow, (int) Math.min(perSecond, Integer.MAX_VALUE));
	}

	private Settings withRequests(int count, Duration perWindow, int perSecond) {
		return new Settings(this.port, this.token, count, perWindow, perSecond, this.bulkAtOnce, this.listsPerDay,
				this.deletesPerDay, this.consistencyDelay, this.tombstones, this.journal, this.clock, this.seed);
	}

	/** Neither in a window nor in a second. */
	public Settings withoutRequestLimit() {
		return withRequests(Integer.MAX_VALUE, Duration.ofMinutes(5), Integer.MAX_VALUE);
	}

	public Settings withBulkAtOnce(int value) {
		return new Settings(this.port, this.token, this.requests, this.window, this.requestsPerSecond, value,
				this.listsPerDay, this.deletesPerDay, this.consistencyDelay, this.tombstones, this.journal, this.clock,
				this.seed);
	}

	/** As on the free plan: 1,000 list calls and 1,000 deleted keys. */
	public Settings withDailyQuota(long lists, long deletes) {
		return new Settings(this.port, this.token, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				lists, deletes, this.consistencyDelay, this.tombstones, this.journal, this.clock, this.seed);
	}

	public Settings withConsistencyDelay(Duration value) {
		return new Settings(this.port, this.token, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				this.listsPerDay, this.deletesPerDay, value, this.tombstones, this.journal, this.clock, this.seed);
	}

	public Settings withTombstones(Duration value) {
		return new Settings(this.port, this.token, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				this.listsPerDay, this.deletesPerDay, this.consistencyDelay, value, this.journal, this.clock,
				this.seed);
	}

	public Settings withoutJournal() {
		return new Settings(this.port, this.token, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				this.listsPerDay, this.deletesPerDay, this.consistencyDelay, this.tombstones, false, this.clock,
				this.seed);
	}

	public Settings withClock(Clock value) {
		return new Settings(this.port, this.token, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				this.listsPerDay, this.deletesPerDay, this.consistencyDelay, this.tombstones, this.journal, value,
				this.seed);
	}

	public Settings withSeed(long value) {
		return new Settings(this.port, this.token, this.requests, this.window, this.requestsPerSecond, this.bulkAtOnce,
				this.listsPerDay, this.deletesPerDay, this.consistencyDelay, this.tombstones, this.journal, this.clock,
				value);
	}

}
