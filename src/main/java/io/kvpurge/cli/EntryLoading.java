package io.kvpurge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.TextFile;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.jsonl.EntryFormatException;
import io.kvpurge.store.jsonl.EntryReader;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.ResilientKeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;

/** Puts entries into a store, in batches; memory does not grow with their number. */
final class EntryLoading {

	/** Enough to make a call worth its while. */
	private static final int BATCH = 1000;

	private final Source source;

	EntryLoading(Source source) {
		this.source = source;
	}

	/**
	 * Reads all entries and writes none.
	 * @return how many there are
	 * @throws DefinitionException if a line is no entry
	 */
	long check() {
		long count = 0;
		try (EntryReader reader = open()) {
			while (reader.next() != null) {
				count++;
			}
			return count;
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
		catch (EntryFormatException ex) {
			throw new DefinitionException(List.of(String.valueOf(ex.getMessage())));
		}
	}

	/**
	 * Writes all entries; what is there already under their keys is replaced. After a
	 * failure the batches before it are written, and loading again is safe.
	 * @param loaded is told after each batch how many are written
	 */
	void load(KeyValueStore store, LongConsumer loaded) {
		ResilientKeyValueStore writer = new ResilientKeyValueStore(store, RetrySettings.DEFAULT, new CallMeter(),
				(duration) -> Thread.sleep(duration.toMillis()));
		int limit = Math.min(BATCH, store.capabilities().bulkLimit());
		List<KeyValue> batch = new ArrayList<>(limit);
		long count = 0;
		try (EntryReader reader = open()) {
			@Nullable KeyValue entry;
			do {
				entry = reader.next();
				if (entry != null) {
					batch.add(entry);
				}
				if (batch.size() == limit || (entry == null && !batch.isEmpty())) {
					writer.write(batch);
					count += batch.size();
					loaded.accept(count);
					batch.clear();
				}
			}
			while (entry != null);
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
	}

	private EntryReader open() throws IOException {
		return new EntryReader(this.source.open(), this.source.name());
	}

	private DefinitionException unreadable(IOException ex) {
		return new DefinitionException(
				List.of(this.source.name() + ": " + TextFile.reason(Path.of(this.source.name()), ex)));
	}

	/** Entries that can be read more than once. */
	interface Source {

		/** For messages. */
		String name();

		InputStream open() throws IOException;

	}

}
