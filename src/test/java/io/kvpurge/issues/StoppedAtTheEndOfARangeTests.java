package io.kvpurge.issues;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.job.ChildJobs;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RunListener;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stop that was requested while the last batch of a range came to nothing made the
 * range count as done: its keys stayed, and the run was completed.
 */
class StoppedAtTheEndOfARangeTests {

	private static final String DEFINITION = """
			version: 1
			name: stopped
			store: {type: memory, name: unused}
			select: {prefixes: [""], where: all}
			partitions: 1
			limits: {max-fraction: 1}
			""";

	@Test
	void aRangeThatIsStoppedInItsLastBatchIsCarriedOn(@TempDir Path home) {
		MemoryStore store = new MemoryStore("stopped", Clock.systemUTC(),
				StoreCapabilities.of(10, 100, StoreCapability.values()));
		for (int n = 0; n < 30; n++) {
			store.write(List.of(new KeyValue(Key.of("key/" + n), null, Metadata.ABSENT, null)));
		}
		AtomicReference<PurgeJobs> jobs = new AtomicReference<>();
		RunReport stopped = run(home, new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				jobs.get().requestStop("by hand");
				return DeleteResult.allUndone(entries.stream().map(KeyEntry::key).toList(),
						new TransientStoreException("busy", null, null));
			}
		}, jobs);
		assertThat(stopped.run().state()).isEqualTo(RunState.STOPPED);
		assertThat(store.snapshot()).hasSize(30);
		RunReport done = run(home, store, jobs);
		assertThat(done.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(done.counts().deleted()).isEqualTo(30);
		assertThat(store.snapshot()).isEmpty();
	}

	private static RunReport run(Path home, KeyValueStore store, AtomicReference<PurgeJobs> jobs) {
		jobs.set(ChildJobs.create(home.toString(), (definition) -> store, Duration.ofSeconds(20), Clock.systemUTC()));
		return jobs.get()
			.run(new RunRequest(new DefinitionReader().read(DEFINITION, "test").bind(Map.of()), RunMode.PURGE, false),
					RunListener.NONE);
	}

}
