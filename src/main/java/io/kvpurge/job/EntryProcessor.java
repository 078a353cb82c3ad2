package io.kvpurge.job;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** Says which of the entries that were read are to go. */
interface EntryProcessor extends ItemProcessor<ListedEntry, MatchedEntry> {

	/** Counts the entry; null if it stays. */
	@Override
	@Nullable MatchedEntry process(ListedEntry item);

}
