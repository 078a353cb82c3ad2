package io.kvpurge.ledger;

/**
 * How many calls the store was sent.
 *
 * @param list pages listed
 * @param delete bulk deletes
 * @param other everything else
 * @param retried how many of all these repeated one that had failed
 */
public record CallCounts(long list, long delete, long other, long retried) {

	public static final CallCounts ZERO = new CallCounts(0, 0, 0, 0);

	public CallCounts plus(CallCounts other) {
		return new CallCounts(this.list + other.list, this.delete + other.delete, this.other + other.other,
				this.retried + other.retried);
	}

}
