package io.kvpurge.job;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

import io.kvpurge.filter.Decision;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;

/** Lets through what matches, and counts every entry. */
final class FilterItemProcessor implements ItemProcessor<ListedEntry, MatchedEntry> {

	private final EntryFilter filter;

	private final RangeWork work;

	FilterItemProcessor(EntryFilter filter, RangeWork work) {
		this.filter = filter;
		this.work = work;
	}

	@Override
	public @Nullable MatchedEntry process(ListedEntry item) {
		Decision decision = this.filter.decide(item.entry());
		Judged judged = this.work.judge(decision);
		return (decision.verdict() == Verdict.MATCHED) ? new MatchedEntry(item, judged) : null;
	}

}
