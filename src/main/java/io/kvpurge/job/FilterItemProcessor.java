package io.kvpurge.job;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.Decision;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;
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
		KeyEntry entry = item.entry().withMetadataReadOnce();
		Decision decision = this.filter.decide(entry);
		Judged judged = this.work.judge(entry, decision);
		if (decision.verdict() != Verdict.MATCHED) {
			return null;
		}
		// What goes on to wait for its call is the entry as it was listed.
		return new MatchedEntry(this.comparing ? item.entry() : KeyEntry.of(entry.key()),
				item.page().behind(entry.key()), item.page().listedAt(), judged, this.work.values(entry));
	}

}
