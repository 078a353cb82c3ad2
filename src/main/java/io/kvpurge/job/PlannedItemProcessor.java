package io.kvpurge.job;

import io.kvpurge.filter.Decision;
import io.kvpurge.store.Key;

/**
 * Lets through every key of a plan: whether it still matches is decided when its entry is
 * read, right before the delete.
 */
final class PlannedItemProcessor implements EntryProcessor {

	private final RangeWork work;

	PlannedItemProcessor(RangeWork work) {
		this.work = work;
	}

	@Override
	public MatchedEntry process(ListedEntry item) {
		Key key = item.entry().key();
		return new MatchedEntry(item.entry(), item.page().behind(key), item.page().listedAt(),
				this.work.judge(item.entry(), Decision.MATCHED));
	}

}
