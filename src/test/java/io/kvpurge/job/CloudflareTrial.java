package io.kvpurge.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.RateLimit;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreTypes;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.Value;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Faults;
import io.kvpurge.testkit.cloudflare.Journal;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One run against the simulated service, which fails by chance in every way that it can
 * and shows changes late, launched until it is completed. What must be so at the end is
 * worked out from what the service itself has written down.
 */
final class CloudflareTrial implements AutoCloseable {

	private static final int KEYS = 1200;

	private static final int PREFIXES = 4;

	private static final int MOST_LAUNCHES = 60;

	private static final Duration LAG = Duration.ofMillis(150);

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

	/** What was sent has taken effect, and every listing shows it. */
	private static final Duration SETTLE_DELAY = LAG.plusMillis(100);

	private static final Duration MAX_AGE = Duration.ofSeconds(5);

	private static final int REFUSED = 101;

	private static final Set<String> NEVER_DELETED = keys((n) -> n % 3 == 0 && n % REFUSED == 0);

	private static final Set<String> CONTESTED = keys((n) -> n % 15 == 0 && n % REFUSED != 0);

	private static final Set<String> UNTOUCHED = keys((n) -> n % 3 == 0 && n % 5 != 0 && n % REFUSED != 0);

	private static final Set<String> UNMATCHED = keys((n) -> n % 3 != 0);

	private final String name;

	private final PurgeTester tester;

	private final Random random;

	private final CloudflareSimulator simulator;

	private final String namespace;

	private final boolean recheck;

	private @Nullable RunReport report;

	private int launches;

	private int bulkCallsOfOthers;

	CloudflareTrial(Path home, long seed, double chance) {
		this.name = "seed " + seed;
		this.random = new Random(seed);
		this.recheck = seed % 4 == 0;
		this.tester = new PurgeTester(home);
		this.tester.settings(Settings.DEFAULT.withSettleDelay(SETTLE_DELAY).withMaxAge(MAX_AGE));
		this.simulator = CloudflareSimulator.start(io.kvpurge.testkit.cloudflare.Settings.defaults()
			.withoutRequestLimit()
			.withConsistencyDelay(LAG)
			.withTombstones(LAG)
			.withSeed(seed));
		this.namespace = this.simulator.createNamespace("trial");
		for (int n = 0; n < KEYS; n++) {
			this.simulator.put(this.namespace, key(n), "value".getBytes(StandardCharsets.UTF_8), metadata(n), null);
		}
		NEVER_DELETED.forEach(this.simulator::refuse);
		this.simulator.faults(Faults.all(seed, chance));
	}

	/** Launches the same definition again and again until its run is completed. */
	void runToItsEnd(boolean contested) {
		try (KeyValueStore store = open()) {
			OtherWriter writer = new OtherWriter(store, this.random.nextLong());
			if (contested) {
				this.bulkCallsOfOthers = 1;
				writer.start();
			}
			try {
				launch(new SmallStore(store));
			}
			finally {
				writer.end();
			}
		}
		assertThat(report().run().state()).as("%s: %s", this.name, report().errors()).isEqualTo(RunState.COMPLETED);
		assertThat(report().run().id().number()).as("%s: begun anew", this.name).isEqualTo(1);
	}

	private void launch(KeyValueStore store) {
		do {
			PurgeJobs jobs = this.tester.jobs(store);
			if (this.random.nextInt(4) == 0) {
				stopSoon(jobs);
			}
			this.report = this.tester.run(jobs, definition(), RunMode.PURGE, false);
		}
		while (report().run().state() != RunState.COMPLETED && ++this.launches < MOST_LAUNCHES);
	}

	private void stopSoon(PurgeJobs jobs) {
		int millis = this.random.nextInt(400);
		Thread thread = new Thread(() -> {
			try {
				TimeUnit.MILLISECONDS.sleep(millis);
				jobs.requestStop("by chance");
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	private KeyValueStore open() {
		Map<String, List<String>> options = Map.of("account-id", List.of(this.simulator.accountId()), "api-token",
				List.of(this.simulator.token()), "namespace-id", List.of(this.namespace), "base-url",
				List.of(this.simulator.baseUrl()));
		while (true) {
			try {
				return Objects.requireNonNull(StoreTypes.load().find("cloudflare"))
					.open(new StoreOptions(options, REQUEST_TIMEOUT));
			}
			catch (StoreException ex) {
				assertThat(++this.launches).as("%s: %s", this.name, ex.getMessage()).isLessThan(MOST_LAUNCHES);
			}
		}
	}

	private String definition() {
		String prefixes = IntStream.range(0, PREFIXES)
			.mapToObj((i) -> "\"p" + i + "/\"")
			.collect(Collectors.joining(", ", "[", "]"));
		return PurgeTester.definition(prefixes, PurgeTester.EVERY_THIRD, PREFIXES)
				+ (this.recheck ? "recheck: true\n" : "");
	}

	void assertEveryPromise() {
		assertOnlyTheRightKeysAreGone();
		assertTheLedgerNamesWhatWasDeleted();
		EntryCounts counts = report().counts();
		assertThat(counts.judgedBalance() && counts.deletedBalance()).as("%s: %s", this.name, counts).isTrue();
		assertThat(counts.refused()).as("%s: refused", this.name).isEqualTo(NEVER_DELETED.size());
		assertThat(this.tester.ledger((ledger) -> ledger.verify(report().run().id())).problem()).as(this.name).isNull();
		assertThat(this.simulator.counters().mostBulkCallsAtOnce()).as("%s: bulk calls at once", this.name)
			.isLessThanOrEqualTo(2 + this.bulkCallsOfOthers);
	}

	/** For a trial in which nobody else writes. */
	void assertEveryEntryIsCountedOnce() {
		int going = UNTOUCHED.size() + CONTESTED.size();
		assertThat(report().counts()).as(this.name)
			.isEqualTo(new EntryCounts(KEYS, UNMATCHED.size(), 0, 0, going + NEVER_DELETED.size(), going, 0, 0,
					NEVER_DELETED.size()));
	}

	private void assertOnlyTheRightKeysAreGone() {
		Set<String> there = Set.copyOf(this.simulator.keys(this.namespace));
		assertThat(without(UNMATCHED, there)).as("%s: does not match, and is gone", this.name).isEmpty();
		assertThat(without(NEVER_DELETED, there)).as("%s: refused, and is gone", this.name).isEmpty();
		Set<String> left = new TreeSet<>(UNTOUCHED);
		left.retainAll(there);
		assertThat(left).as("%s: matches, and is there", this.name).isEmpty();
		Set<String> goers = new HashSet<>(UNTOUCHED);
		goers.addAll(CONTESTED);
		Map<String, Instant> written = new HashMap<>();
		this.simulator.journal()
			.writes()
			.forEach((write) -> written.merge(write.key(), write.time(), CloudflareTrial::earlier));
		for (Journal.Delete delete : this.simulator.journal().deletes()) {
			assertThat(goers).as("%s: deleted against the rule", this.name).contains(delete.key());
			Instant changed = written.get(delete.key());
			if (delete.wasThere() && changed != null) {
				assertThat(Duration.between(changed, delete.time()))
					.as("%s: %s was deleted long after it had been rewritten", this.name, delete.key())
					.isLessThan(MAX_AGE.plus(LAG).plus(REQUEST_TIMEOUT));
			}
		}
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	private void assertTheLedgerNamesWhatWasDeleted() {
		Map<String, Integer> really = new HashMap<>();
		this.simulator.journal()
			.deletes()
			.stream()
			.filter(Journal.Delete::wasThere)
			.forEach((delete) -> really.merge(delete.key(), 1, Integer::sum));
		Map<Key, List<Outcome>> outcomes = this.tester.outcomes(report().run().id());
		really.keySet()
			.forEach((key) -> assertThat(outcomes).as("%s: deleted, and in no call", this.name)
				.containsKey(Key.of(key)));
		long gone = 0;
		for (Map.Entry<Key, List<Outcome>> entry : outcomes.entrySet()) {
			long times = entry.getValue()
				.stream()
				.filter((outcome) -> outcome == Outcome.DELETED || outcome == Outcome.INFERRED)
				.count();
			gone += times;
			String key = entry.getKey().text();
			if (UNTOUCHED.contains(key)) {
				assertThat(times).as("%s: %s %s", this.name, key, entry.getValue()).isEqualTo(1);
				assertThat(really).as("%s: deletes", this.name).containsEntry(key, 1);
			}
			if (NEVER_DELETED.contains(key)) {
				assertThat(entry.getValue()).as("%s: %s", this.name, key).endsWith(Outcome.REFUSED);
			}
		}
		assertThat(report().counts().deleted()).as("%s: deleted", this.name).isEqualTo(gone);
	}

	private RunReport report() {
		return Objects.requireNonNull(this.report, "not launched");
	}

	@Override
	public void close() {
		this.simulator.close();
	}

	private static Set<String> without(Set<String> all, Set<String> some) {
		Set<String> rest = new TreeSet<>(all);
		rest.removeAll(some);
		return rest;
	}

	private static String key(int n) {
		return "p%d/%05d".formatted(n % PREFIXES, n);
	}

	private static String metadata(int n) {
		return "{\"n\":" + n + "}";
	}

	private static Set<String> keys(IntPredicate wanted) {
		return IntStream.range(0, KEYS).filter(wanted).mapToObj(CloudflareTrial::key).collect(Collectors.toSet());
	}

	/** Rewrites contested keys, one after another, so that they match no more. */
	private static final class OtherWriter {

		private final KeyValueStore store;

		private final Random random;

		private final Thread thread = new Thread(this::write, "other-writer");

		private volatile boolean ended;

		OtherWriter(KeyValueStore store, long seed) {
			this.store = store;
			this.random = new Random(seed);
		}

		void start() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void write() {
			for (String key : CONTESTED) {
				if (this.ended) {
					return;
				}
				try {
					TimeUnit.MILLISECONDS.sleep(this.random.nextInt(20));
					this.store
						.write(List.of(new KeyValue(Key.of(key), Value.of("new"), Metadata.of(Map.of("n", 1L)), null)));
				}
				catch (StoreException ex) {
					// Whether it was written stands in the service's journal.
				}
				catch (InterruptedException ex) {
					return;
				}
			}
		}

		void end() {
			this.ended = true;
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * Pages and calls are so small that there are many of them, and the pauses that the
	 * service asks for, in whole seconds, are short.
	 */
	private static final class SmallStore extends ForwardingKeyValueStore {

		private static final int SCALE = 200;

		private final StoreCapabilities capabilities;

		SmallStore(KeyValueStore store) {
			super(store);
			this.capabilities = store.capabilities().withLimits(40, 30).withReadLimit(15);
		}

		@Override
		public StoreCapabilities capabilities() {
			return this.capabilities;
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			return scaled(() -> super.list(range, from, limit));
		}

		@Override
		public List<KeyEntry> find(Collection<Key> keys) {
			return scaled(() -> super.find(keys));
		}

		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			DeleteResult result = scaled(() -> super.delete(entries));
			return new DeleteResult(result.deleted(), result.vanished(), result.spared(), result.refused(),
					result.undone(), result.doubtful(), scaled(result.cause()));
		}

		@Override
		public @Nullable RateLimit takeRateLimit() {
			RateLimit limit = super.takeRateLimit();
			return (limit != null) ? new RateLimit(limit.remaining(), limit.reset().dividedBy(SCALE)) : null;
		}

		private static <T> T scaled(Supplier<T> call) {
			try {
				return call.get();
			}
			catch (TransientStoreException ex) {
				throw (ex.retryAfter() != null) ? shorter(ex) : ex;
			}
		}

		private static @Nullable StoreException scaled(@Nullable StoreException cause) {
			return (cause instanceof TransientStoreException passing && passing.retryAfter() != null) ? shorter(passing)
					: cause;
		}

		private static TransientStoreException shorter(TransientStoreException failure) {
			Duration asked = Objects.requireNonNull(failure.retryAfter());
			return new TransientStoreException(String.valueOf(failure.getMessage()), failure, asked.dividedBy(SCALE));
		}

		/** The trial goes on with the store. */
		@Override
		public void close() {
		}

	}

}
