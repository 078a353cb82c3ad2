package io.kvpurge.store;

/**
 * What a store charges.
 *
 * @param lists for list calls
 * @param reads for keys that are read
 * @param deletes for keys that are deleted
 */
public record PriceList(Price lists, Price reads, Price deletes) {

	/**
	 * The price of one kind of operation.
	 *
	 * @param dollarsPerMillion for a million operations beyond what is included
	 * @param includedPerMonth how many are included in a month
	 * @param freePerDay how many a day the free plan allows, at least 1
	 */
	public record Price(double dollarsPerMillion, long includedPerMonth, long freePerDay) {

		public Price {
			if (dollarsPerMillion < 0 || includedPerMonth < 0 || freePerDay < 1) {
				throw new IllegalArgumentException("a price is not negative, and a free plan allows something");
			}
		}

		/** What so many operations cost in a month with no others. */
		public double dollars(long operations) {
			return Math.max(0, operations - this.includedPerMonth) * this.dollarsPerMillion / 1_000_000;
		}

		/** How many days so many operations take on the free plan. */
		public long freeDays(long operations) {
			return (operations + this.freePerDay - 1) / this.freePerDay;
		}

	}

}
