package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.Settings;
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
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreTypes;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.Value;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Faults;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One run against the simulated service, which fails by chance in every way that it can
 * and shows changes late, launched until it is completed.
 */
final class CloudflareTrial implements AutoCloseable {

	private static final int KEYS = 1200;

	private static final int MOST_LAUNCHES = 60;

	private final String name;

	private final PurgeTester tester;

	private final Random random;

	private final CloudflareSimulator simulator;

	private final CloudflareOracle oracle;

	private final boolean recheck;

	private final boolean judged;

	private @Nullable RunReport report;

	private int launches;

	private int bulkCallsOfOthers;

	CloudflareTrial(Path home, long seed, double chance) {
		this.name = "seed " + seed;
		this.random = new Random(seed);
		this.recheck = seed % 4 == 0;
		this.judged = seed % 3 == 0;
		this.tester = new PurgeTester(home);
		this.tester.settings(
				Settings.DEFAULT.withSettleDelay(CloudflareOracle.SETTLE_DELAY).withMaxAge(CloudflareOracle.MAX_AGE));
		this.simulator = CloudflareOracle.simulator(seed);
		this.oracle = new CloudflareOracle(this.name, this.simulator, KEYS);
		this.simulator.faults(Faults.all(seed, chance));
	}

	/** Launches the same definition again and again until its run is completed. */
	void runToItsEnd(boolean contested) {
		try (KeyValueStore store = open()) {
			OtherWriter writer = new OtherWriter(store, this.oracle.contested(), this.random.nextLong());
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
				List.of(this.simulator.token()), "namespace-id", List.of(this.oracle.namespace()), "base-url",
				List.of(this.simulator.baseUrl()));
		while (true) {
			try {
				return Objects.requireNonNull(StoreTypes.load().find("cloudflare"))
					.open(new StoreOptions(options, CloudflareOracle.REQUEST_TIMEOUT));
			}
			catch (StoreException ex) {
				assertThat(++this.launches).as("%s: %s", this.name, ex.getMessage()).isLessThan(MOST_LAUNCHES);
			}
		}
	}

	private String definition() {
		String definition = PurgeTester.definition(CloudflareOracle.prefixes(), PurgeTester.EVERY_THIRD,
				CloudflareOracle.PREFIXES);
		return (this.judged ? definition.replace("max-fraction: 1", "max-fraction: 0.5") : definition)
				+ (this.recheck ? "recheck: true\n" : "");
	}

	void assertEveryPromise() {
		this.oracle.assertEveryPromise(this.tester, report().run().id(), report().counts(), this.bulkCallsOfOthers);
	}

	void assertEveryEntryIsCountedOnce() {
		this.oracle.assertEveryEntryIsCountedOnce(report().counts());
	}

	private RunReport report() {
		return Objects.requireNonNull(this.report, "not launched");
	}

	@Override
	public void close() {
		this.simulator.close();
	}

	/** Rewrites contested keys, one after another, so that they match no more. */
	private static final class OtherWriter {

		private final KeyValueStore store;

		private final Set<String> contested;

		private final Random random;

		private final Thread thread = new Thread(this::write, "other-writer");

		private volatile boolean ended;

		OtherWriter(KeyValueStore store, Set<String> contested, long seed) {
			this.store = store;
			this.contested = contested;
			this.random = new Random(seed);
		}

		void start() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void write() {
			for (String key : this.contested) {
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

		SmallStore(KeyValueStore store) {
			super(store, store.capabilities().withLimits(40, 30).withReadLimit(15));
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
