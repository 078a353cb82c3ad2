package io.kvpurge.store.resilient;

import java.util.function.LongSupplier;

import io.github.bucket4j.TimeMeter;

/**
 * The clock of a bucket.
 *
 * @param nanoTime what it says
 */
record NanoMeter(LongSupplier nanoTime) implements TimeMeter {

	@Override
	public long currentTimeNanos() {
		return this.nanoTime.getAsLong();
	}

	@Override
	public boolean isWallClockBased() {
		return false;
	}

}
