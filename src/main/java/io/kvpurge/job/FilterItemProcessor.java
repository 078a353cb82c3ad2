package io.kvpurge.job;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.Decision;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;

/** Lets through what matches, and counts every entry. */
final class FilterItemProcessor implements EntryProcessor {

	private final EntryFilter filter;

	private final RangeWork work;

	private final boolean comparing;

	/**
	 * @param comparing whether a delete compares the entry with what is there then;
	 * otherwise its key is all that is needed
	 */
	FilterItemProcessor(EntryFilter filter, RangeWork work, boolean comparing) {
		this.filter = filter;
		this.work = work;
		this.comparing = comparing;
	}

	@Override
	public @Nullable MatchedEntry process(ListedEntry item) {
		if (this.work.isCounted(item)) {
			return null; // the listing shows it again
		}
		Decision decision = this.filter.decide(item.entry());
		Judged judged = this.work.judge(item.entry(), decision);
		if (decision.verdict() != Verdict.MATCHED) {
			return null;
		}
		Key key = item.entry().key();
		return new MatchedEntry(this.comparing ? item.entry() : KeyEntry.of(key), item.page().behind(key),
				item.page().listedAt(), judged, this.work.values(item.entry()));
	}

}
