package io.kvpurge.job;

import io.kvpurge.filter.Decision;
import io.kvpurge.store.Key;

/**
 * Lets through every key of a plan: whether it still matches is decided when its entry is
 * read, right before the delete.
 */
final class PlannedItemProcessor implements EntryProcessor {

	private final RangeWork work;

	private final boolean counted;

	/**
	 * @param counted whether the keys were counted when they were found, in this run
	 */
	PlannedItemProcessor(RangeWork work, boolean counted) {
		this.work = work;
		this.counted = counted;
	}

	@Override
	public MatchedEntry process(ListedEntry item) {
		Key key = item.entry().key();
		return new MatchedEntry(item.entry(), item.page().behind(key), item.page().listedAt(),
				this.counted ? this.work.judged() : this.work.judge(item.entry(), Decision.MATCHED));
	}

}
