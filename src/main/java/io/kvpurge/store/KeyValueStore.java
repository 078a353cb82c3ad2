package io.kvpurge.store;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** An opened store, in all its roles; consumers ask for the narrowest. */
public interface KeyValueStore extends KeyLister, KeyReader, KeyWriter, KeyDeleter, AutoCloseable {

	/**
	 * Which store this is, resolved, without secrets: the same text for the same store
	 * wherever it is opened from, another for any other.
	 */
	String identity();

	StoreCapabilities capabilities();

	/**
	 * What the service said with its latest answer of how many requests it still takes;
	 * each answer is told once. Null if it has said nothing since.
	 */
	default @Nullable RateLimit takeRateLimit() {
		return null;
	}

	/**
	 * Why calls shall wait for now, in a few words: others who work with the store would
	 * notice them. Null if nobody would.
	 */
	default @Nullable String strain() {
		return null;
	}

	/** Looks first, then writes. */
	@Override
	default List<Key> add(List<KeyValue> entries) {
		Set<Key> there = find(entries.stream().map(KeyValue::key).toList()).stream()
			.map(KeyEntry::key)
			.collect(Collectors.toSet());
		List<KeyValue> missing = entries.stream().filter((entry) -> !there.contains(entry.key())).toList();
		if (!missing.isEmpty()) {
			write(missing);
		}
		return List.copyOf(there);
	}

	/** What it asks of those who use it. */
	default StoreTerms terms() {
		return StoreTerms.NONE;
	}

	/** Gives back what it holds. More than one call does nothing more. */
	@Override
	void close();

}
