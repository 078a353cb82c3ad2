package io.kvpurge.issues;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.job.ChildJobs;
import io.kvpurge.job.RunListener;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key that a store listed twice was sent twice in one call, and the books did not
 * balance: it was deleted once.
 */
class KeyListedTwiceTests {

	private final MemoryStore store = new MemoryStore("twice", Clock.systemUTC());

	@Test
	void isSentAgainInAnotherCallWhichFindsItGone(@TempDir Path home) {
		for (int i = 0; i < 50; i++) {
			this.store.write(List.of(new KeyValue(Key.of("k%02d".formatted(i)), null, Metadata.ABSENT, null)));
		}
		RunRequest request = new RunRequest(new DefinitionReader().read("""
				version: 1
				name: twice
				store: {type: memory, name: twice}
				select: {prefixes: ["k"], where: all}
				partitions: 1
				""", "test").bind(Map.of()), RunMode.PURGE, false);
		RunReport report = ChildJobs
			.create(home.toString(), (definition) -> new Repeating(this.store), Duration.ofSeconds(20),
					Clock.systemUTC())
			.run(request, RunListener.NONE);
		assertThat(report.run().state()).as(report.errors().toString()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts()).isEqualTo(new EntryCounts(100, 0, 0, 0, 100, 50, 50, 0, 0));
		assertThat(this.store.snapshot()).isEmpty();
	}

	/** Shows each page twice over. */
	private static final class Repeating extends ForwardingKeyValueStore {

		Repeating(MemoryStore store) {
			super(store);
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			KeyPage page = super.list(range, from, limit);
			List<KeyEntry> entries = new ArrayList<>(page.entries());
			entries.addAll(page.entries());
			return new KeyPage(entries, page.next());
		}

		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			Set<Key> keys = new HashSet<>();
			entries.forEach((entry) -> assertThat(keys.add(entry.key())).as("named once").isTrue());
			return super.delete(entries);
		}

	}

}
