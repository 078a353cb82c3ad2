package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;

/**
 * kvpurge's own store and rule without the rest: list a page, judge, gather, delete; a
 * thread for each range. No Spring Batch, no ledger, no resume. Arguments: definition,
 * ranges.
 */
public final class BareLoop {

	private static final int PAGE = 1_000;

	private BareLoop() {
	}

	public static void main(String[] args) throws IOException {
		long start = System.nanoTime();
		BoundDefinition bound = new DefinitionReader().read(Files.readString(Path.of(args[0])), "bench").bind(Map.of());
		int ranges = Integer.parseInt(args[1]);
		AtomicLong deleted = new AtomicLong();
		ExecutorService threads = Executors.newFixedThreadPool(ranges);
		try (KeyValueStore store = bound.definition().store().open(System::getenv)) {
			EntryFilter filter = bound.filter(Instant.now(), List.of());
			CompletableFuture
				.allOf(store.split(bound.prefixes(), ranges)
					.stream()
					.map((range) -> CompletableFuture.runAsync(() -> deleted.addAndGet(purge(store, filter, range)),
							threads))
					.toArray(CompletableFuture[]::new))
				.join();
		}
		finally {
			threads.shutdown();
		}
		System.out.printf("deleted %d work %.3f%n", deleted.get(), (System.nanoTime() - start) / 1e9);
	}

	private static long purge(KeyValueStore store, EntryFilter filter, KeyRange range) {
		int pageSize = Math.min(PAGE, store.capabilities().pageLimit());
		int bulkLimit = store.capabilities().bulkLimit();
		long deleted = 0;
		List<KeyEntry> batch = new ArrayList<>();
		ListingPosition position = ListingPosition.START;
		while (position != null) {
			KeyPage page = store.list(range, position, pageSize);
			for (KeyEntry entry : page.entries()) {
				if (filter.decide(entry).verdict() == Verdict.MATCHED) {
					batch.add(entry);
					if (batch.size() == bulkLimit) {
						deleted += store.delete(batch).deleted().size();
						batch.clear();
					}
				}
			}
			position = (page.next() != null) ? ListingPosition.at(page.next()) : null;
		}
		return deleted + store.delete(batch).deleted().size();
	}

}
