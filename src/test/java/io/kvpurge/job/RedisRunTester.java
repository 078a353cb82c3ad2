package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.EntryFields;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.redis.RedisStoreType;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Purges of a Redis in small pages, with something that happens before each of them:
 * hashes of which every third goes.
 */
final class RedisRunTester {

	/** How many keys there are: {@code -Dkvpurge.entries=N} for more. */
	static final int ENTRIES = Integer.getInteger("kvpurge.entries", 1_500);

	private static final String DEFINITION = PurgeTester.definition("[\"key/\"]", "metadata.hash.n == '0'", 3);

	/** Some seconds of trying: a failover takes two. */
	private static final RetrySettings RETRY = new RetrySettings(40, Duration.ofMillis(20), Duration.ofMillis(200),
			Duration.ofMinutes(1));

	private final PurgeTester tester;

	private final Home folder;

	private final Map<String, List<String>> options;

	/**
	 * @param options of the store
	 */
	RedisRunTester(Path home, Map<String, List<String>> options) {
		this.tester = new PurgeTester(home);
		this.folder = Home.inFolder(home, Clock.systemUTC());
		this.options = options;
	}

	/** What happens before a page is listed. */
	interface Disturbance {

		void before(int page);

	}

	KeyValueStore open() {
		return new RedisStoreType().open(new StoreOptions(this.options, Duration.ofSeconds(30),
				new EntryFields(Set.of("hash.n"), false, false)));
	}

	static KeyValue entry(int number) {
		return new KeyValue(Key.of("key/" + number), null,
				Metadata.of(Map.of("hash", Map.of("n", String.valueOf(number % 3)))), null);
	}

	/** The keys of one third. */
	static Set<Key> keys(int third) {
		return IntStream.range(0, ENTRIES)
			.filter((number) -> number % 3 == third)
			.mapToObj((number) -> entry(number).key())
			.collect(Collectors.toSet());
	}

	void fill() {
		try (KeyValueStore store = open()) {
			store.write(IntStream.range(0, ENTRIES).mapToObj(RedisRunTester::entry).toList());
		}
	}

	RunReport run(Disturbance disturbance) {
		return jobs(disturbance).run(
				new RunRequest(new DefinitionReader().read(DEFINITION, "test").bind(Map.of()), RunMode.PURGE, false),
				RunListener.NONE);
	}

	/** A run that stops when so many pages were listed. */
	RunReport runStoppedAt(int page) {
		PurgeJobs[] jobs = new PurgeJobs[1];
		jobs[0] = jobs((number) -> {
			if (number == page) {
				jobs[0].requestStop("enough");
			}
		});
		return jobs[0].run(
				new RunRequest(new DefinitionReader().read(DEFINITION, "test").bind(Map.of()), RunMode.PURGE, false),
				RunListener.NONE);
	}

	private PurgeJobs jobs(Disturbance disturbance) {
		AtomicInteger pages = new AtomicInteger();
		return new PurgeJobs((definition) -> new ForwardingKeyValueStore(open()) {
			@Override
			public StoreCapabilities capabilities() {
				// What was not answered since a server died is soon decided.
				return super.capabilities().withLimits(50, 100).withSettleDelay(Duration.ofSeconds(1));
			}

			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				synchronized (pages) {
					disturbance.before(pages.incrementAndGet());
				}
				return super.list(range, from, limit);
			}
		}, RETRY, this.folder, Settings.DEFAULT, new RunOrigin("tester", "localhost", 1, "test"), Clock.systemUTC());
	}

	/** Every third key went, and no other; the ledger says so. */
	void assertDone(RunReport report) {
		assertThat(report.errors()).isEmpty();
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		try (KeyValueStore store = open()) {
			assertThat(store.find(keys(0))).isEmpty();
			assertThat(store.find(keys(1))).hasSameSizeAs(keys(1));
			assertThat(store.find(keys(2))).hasSameSizeAs(keys(2));
		}
		assertThat(this.tester.outcomes(report.run().id())).containsOnlyKeys(keys(0));
		assertThat(this.tester.ledger((ledger) -> ledger.verify(report.run().id())).problem()).isNull();
	}

}
