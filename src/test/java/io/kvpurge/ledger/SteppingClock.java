package io.kvpurge.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on by some nanoseconds more than a second each time it is read. */
final class SteppingClock extends Clock {

	private static final Duration STEP = Duration.ofNanos(1_000_001_789);

	private Instant now = Instant.parse("2026-03-29T00:59:59.123456789Z");

	@Override
	public synchronized Instant instant() {
		this.now = this.now.plus(STEP);
		return this.now;
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
