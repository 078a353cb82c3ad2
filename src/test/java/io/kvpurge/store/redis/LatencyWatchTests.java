package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.lettuce.core.ScriptOutputType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.EntryFields;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.ResilientKeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.store.resilient.Traffic;
import io.kvpurge.testkit.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;

class LatencyWatchTests {

	private final AtomicLong nanos = new AtomicLong();

	private final Deque<CompletableFuture<String>> pings = new ArrayDeque<>();

	private final LatencyWatch watch = new LatencyWatch(() -> {
		CompletableFuture<String> ping = new CompletableFuture<>();
		this.pings.add(ping);
		return ping;
	}, Duration.ofMillis(20), Duration.ofSeconds(30), this.nanos::get);

	private void pass(int millis) {
		this.nanos.addAndGet(Duration.ofMillis(millis).toNanos());
	}

	/** Looks, and lets the answer come so much later. */
	private void answerIn(int millis) {
		this.watch.look();
		pass(millis);
		this.pings.remove().complete("PONG");
		pass(50 - millis);
	}

	@Test
	void oneSlowAnswerIsAnAccidentAndTwoAreAReason() {
		answerIn(1);
		answerIn(45);
		answerIn(1);
		answerIn(1);
		assertThat(this.watch.strain()).isNull();
		answerIn(40);
		answerIn(30);
		this.watch.look();
		assertThat(this.watch.strain()).isEqualTo("latency 30 ms, at most 20 ms");
	}

	@Test
	void anAnswerThatDoesNotComeIsSlow() {
		this.watch.look();
		for (int i = 0; i < 3; i++) {
			pass(50);
			this.watch.look();
		}
		assertThat(this.watch.strain()).isEqualTo("latency 150 ms, at most 20 ms");
		assertThat(this.pings).as("nothing is sent behind it").hasSize(1);
	}

	@Test
	void aServerThatDoesNotAnswerAtAllIsLeftToThoseWhoCallIt() {
		this.watch.look();
		pass(5000);
		this.watch.look();
		this.watch.look();
		assertThat(this.watch.strain()).isEqualTo("latency 5000 ms, at most 20 ms");
		pass(25_000);
		this.watch.look();
		assertThat(this.watch.strain()).isNull();
		assertThat(this.pings).as("one more try").hasSize(2);
	}

	@Test
	void itEndsWhenSeveralAnswersInARowAreFastByFar() {
		for (int i = 0; i < 3; i++) {
			answerIn(30);
		}
		for (int i = 0; i < 20; i++) {
			answerIn(17);
		}
		assertThat(this.watch.strain()).as("neither slow nor fast").isNotNull();
		for (int i = 0; i < 5; i++) {
			answerIn(2);
		}
		this.watch.look();
		assertThat(this.watch.strain()).isNotNull();
		this.pings.remove().complete("PONG");
		answerIn(2);
		assertThat(this.watch.strain()).isNull();
	}

	@Test
	void aConnectionThatCannotBeOpenedIsNoReason() {
		LatencyWatch unconnected = new LatencyWatch(() -> {
			throw new TransientStoreException("cannot connect", null, null);
		}, Duration.ofMillis(20), Duration.ofSeconds(30), this.nanos::get);
		for (int i = 0; i < 5; i++) {
			unconnected.look();
			pass(50);
		}
		assertThat(unconnected.strain()).isNull();
	}

	/** A script holds a real server for half a second. */
	@Test
	void everybodyWaitsWhileARealServerIsSlow() {
		String url = RedisServer.shared().newDatabase();
		StoreOptions options = new StoreOptions(Map.of("url", List.of(url), "max-latency", List.of("PT0.02S")),
				Duration.ofSeconds(30), new EntryFields(Set.of(), false, false));
		try (KeyValueStore store = new RedisStoreType().open(options); var others = RedisServer.shared().connect(url)) {
			Traffic traffic = Traffic.local(store.capabilities(), null, null);
			ResilientKeyValueStore paced = new ResilientKeyValueStore(store, RetrySettings.DEFAULT, traffic,
					new CallMeter(), (duration) -> Thread.sleep(duration.toMillis()), () -> {
					});
			Awaitility.await().until(() -> store.strain() == null);
			others.async().eval("""
					local function now() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end
					local begin = now()
					while now() - begin < 500 do end
					return 'OK'""", ScriptOutputType.STATUS);
			Awaitility.await().until(() -> store.strain() != null);
			CompletableFuture<?> listing = CompletableFuture
				.supplyAsync(() -> paced.list(KeyRange.of(Key.of("")), ListingPosition.START, 100));
			Awaitility.await().until(() -> traffic.strain() != null);
			assertThat(traffic.strain()).matches("latency \\d+ ms, at most 20 ms");
			listing.join();
			assertThat(traffic.strain()).isNull();
			assertThat(traffic.strained()).isPositive();
		}
	}

}
