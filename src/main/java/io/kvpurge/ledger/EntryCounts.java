package io.kvpurge.ledger;

/**
 * How many entries were seen and what became of them. They balance when {@code listed =
 * unmatched + held + undecided + matched} and, once all matched entries were dealt with,
 * {@code matched = deleted + vanished + spared + refused}.
 *
 * @param listed judged by the rule
 * @param unmatched not selected
 * @param held selected, but kept
 * @param undecided the selection could not be decided
 * @param matched selected and not kept
 * @param deleted gone by this run
 * @param vanished gone before the delete
 * @param spared rewritten before the delete, and still there
 * @param refused not deleted by the store, and still there
 */
public record EntryCounts(long listed, long unmatched, long held, long undecided, long matched, long deleted,
		long vanished, long spared, long refused) {

	public static final EntryCounts ZERO = new EntryCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

	public EntryCounts plus(EntryCounts other) {
		return new EntryCounts(this.listed + other.listed, this.unmatched + other.unmatched, this.held + other.held,
				this.undecided + other.undecided, this.matched + other.matched, this.deleted + other.deleted,
				this.vanished + other.vanished, this.spared + other.spared, this.refused + other.refused);
	}

	/** Whether every listed entry was judged. */
	public boolean judgedBalance() {
		return this.listed == this.unmatched + this.held + this.undecided + this.matched;
	}

	/** Whether every matched entry was dealt with. */
	public boolean deletedBalance() {
		return this.matched == this.deleted + this.vanished + this.spared + this.refused;
	}

}
