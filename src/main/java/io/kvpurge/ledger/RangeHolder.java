package io.kvpurge.ledger;

import java.time.Duration;

/**
 * Who holds a range of a run.
 *
 * @param range its number
 * @param worker the name of the worker
 * @param isAlive whether it has proved that lately
 * @param held since when
 * @param entries how many entries were listed or deleted meanwhile
 */
public record RangeHolder(int range, String worker, boolean isAlive, Duration held, long entries) {

	/** The same for each second. */
	public double perSecond() {
		return (this.held.toMillis() > 0) ? this.entries * 1000.0 / this.held.toMillis() : 0;
	}

}
