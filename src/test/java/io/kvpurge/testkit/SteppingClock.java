package io.kvpurge.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that goes on by one step each time it is read. */
public final class SteppingClock extends Clock {

	private final AtomicReference<Instant> now;

	private final Duration step;

	/**
	 * Steps of a second and some nanoseconds, of which the ledger keeps no more than
	 * microseconds.
	 */
	public SteppingClock() {
		this(Instant.parse("2026-03-29T00:59:59.123456789Z"), Duration.ofNanos(1_000_001_789));
	}

	/**
	 * @param start a step before what is read first
	 */
	public SteppingClock(Instant start, Duration step) {
		this.now = new AtomicReference<>(start);
		this.step = step;
	}

	@Override
	public Instant instant() {
		return this.now.updateAndGet((instant) -> instant.plus(this.step));
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

}
