package io.kvpurge.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.kvpurge.store.KeyValue;

/** Gathers entries into pages of which not too much is in memory at once. */
final class ValuePages {

	/** What the values of a page have at most, in bytes, unless it is one alone. */
	static final long LARGE = 8L << 20;

	private final int most;

	private final Consumer<List<KeyValue>> consumer;

	private final List<KeyValue> page = new ArrayList<>();

	private long bytes;

	/**
	 * @param most how many entries a page has at most
	 * @param consumer takes a page, and does not hold on to it
	 */
	ValuePages(int most, Consumer<List<KeyValue>> consumer) {
		this.most = most;
		this.consumer = consumer;
	}

	void add(KeyValue entry) {
		this.page.add(entry);
		this.bytes += bytes(entry);
		if (this.page.size() >= this.most || this.bytes >= LARGE) {
			flush();
		}
	}

	/** Hands on what was gathered, if anything was. */
	void flush() {
		if (!this.page.isEmpty()) {
			this.consumer.accept(List.copyOf(this.page));
		}
		this.page.clear();
		this.bytes = 0;
	}

	/** How long the value of an entry is. */
	static long bytes(KeyValue entry) {
		return (entry.value() != null) ? entry.value().length() : 0;
	}

}
