package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.EntryFields;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreTypes;
import io.kvpurge.testkit.DurableRedisServer;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.TcpProxy;
import io.kvpurge.testkit.TcpProxy.Way;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One run on a real server, launched until it is completed, while the server is killed
 * and connections are cut at calls that are drawn by chance.
 */
final class RedisTrial {

	private static final int KEYS = 900;

	private static final int MOST_LAUNCHES = 100;

	private static final double CHANCE = 0.03;

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

	/** A server on this machine has done by then what it has read. */
	private static final Duration SETTLE_DELAY = Duration.ofMillis(150);

	private final String name;

	private final PurgeTester tester;

	private final Random random;

	private final DurableRedisServer server;

	private final TcpProxy proxy;

	private final RedisOracle oracle;

	private final boolean judged;

	private volatile CompletableFuture<?> rising = CompletableFuture.completedFuture(true);

	private @Nullable RunReport report;

	private int launches;

	private int kills;

	private int cuts;

	RedisTrial(Path home, long seed, DurableRedisServer server, TcpProxy proxy) {
		this.name = "seed" + seed;
		this.random = new Random(seed);
		this.judged = seed % 3 == 0;
		this.tester = new PurgeTester(home);
		this.tester.settings(Settings.DEFAULT.withSettleDelay(SETTLE_DELAY));
		this.server = server;
		this.proxy = proxy;
		this.oracle = new RedisOracle(this.name, server, KEYS);
	}

	/** Launches the same definition again and again until its run is completed. */
	void runToItsEnd(boolean contested) {
		Thread writer = new Thread(this::rewrite, "other-writer");
		if (contested) {
			writer.start();
		}
		do {
			this.rising.join();
			this.proxy.heal();
			this.launches++;
			try (KeyValueStore store = open()) {
				this.report = this.tester.run(this.tester.jobs(new Troubled(store)), definition(), RunMode.PURGE,
						false);
			}
			catch (StoreException ex) {
				// It was cut while it was opened.
			}
		}
		while ((this.report == null || this.report.run().state() != RunState.COMPLETED)
				&& this.launches < MOST_LAUNCHES);
		this.rising.join();
		this.proxy.heal();
		try {
			writer.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		assertThat(report().run().state()).as("%s: %s", this.name, report().errors()).isEqualTo(RunState.COMPLETED);
	}

	private KeyValueStore open() {
		StoreOptions options = new StoreOptions(Map.of("url", List.of("redis://127.0.0.1:" + this.proxy.port() + "/0")),
				REQUEST_TIMEOUT, new EntryFields(Set.of("hash.go"), false, false));
		return Objects.requireNonNull(StoreTypes.load().find("redis")).open(options);
	}

	private String definition() {
		String definition = PurgeTester.definition(this.oracle.prefixes(), RedisOracle.RULE, RedisOracle.PREFIXES);
		return this.judged ? definition.replace("max-fraction: 1", "max-fraction: 0.5") : definition;
	}

	/** Somebody else rewrites keys, so that they match no more. */
	private void rewrite() {
		for (String key : this.oracle.contested()) {
			LockSupport.parkNanos(this.random.nextInt(5_000_000));
			boolean written = false;
			while (!written) {
				this.rising.join();
				try (var connection = this.server.connect()) {
					connection.sync().hset(key, Map.of("go", "0"));
					written = true;
				}
				catch (RedisException ex) {
					// It is killed just now.
				}
			}
		}
	}

	void assertEveryPromise() {
		this.oracle.assertEveryPromise(this.tester, report().run().id(), report().counts());
	}

	void assertEveryEntryIsCountedOnce() {
		this.oracle.assertEveryEntryIsCountedOnce(report().counts());
	}

	/** How often it was launched. */
	int launches() {
		return this.launches;
	}

	/** How often the server was killed. */
	int kills() {
		return this.kills;
	}

	/** How often connections were to be cut; some find nothing to cut. */
	int cuts() {
		return this.cuts;
	}

	private RunReport report() {
		return Objects.requireNonNull(this.report, "not launched");
	}

	/**
	 * Pages and calls are small, so that there are many, and some of them meet trouble.
	 */
	private final class Troubled extends ForwardingKeyValueStore {

		Troubled(KeyValueStore store) {
			super(store, store.capabilities().withLimits(40, 30).withReadLimit(15));
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			trouble("");
			return super.list(range, from, limit);
		}

		@Override
		public List<KeyEntry> find(Collection<Key> keys) {
			trouble("EVALSHA");
			return super.find(keys);
		}

		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			trouble("EVALSHA");
			return super.delete(entries);
		}

		private synchronized void trouble(String command) {
			RedisTrial trial = RedisTrial.this;
			trial.proxy.heal();
			if (trial.random.nextDouble() >= CHANCE) {
				return;
			}
			int what = trial.random.nextInt(6);
			trial.cuts += (what < 5) ? 1 : 0;
			switch (what) {
				case 0 -> trial.proxy.cut();
				case 1 -> trial.proxy.cutAt(Way.TO_SERVER, command);
				case 2 -> trial.proxy.cutAt(Way.TO_CLIENT, "");
				case 3 -> trial.proxy.cutWithin(Way.TO_CLIENT, "");
				case 4 -> trial.proxy.cutWithin(Way.TO_SERVER, command);
				default -> kill(trial.random.nextInt(2_000_000));
			}
		}

		private void kill(int nanos) {
			if (RedisTrial.this.rising.isDone()) {
				RedisTrial.this.kills++;
				RedisTrial.this.rising = CompletableFuture.runAsync(() -> {
					LockSupport.parkNanos(nanos);
					RedisTrial.this.server.kill();
					RedisTrial.this.server.startAgain();
				});
			}
		}

	}

}
