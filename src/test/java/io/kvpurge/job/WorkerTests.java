package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.broker.RangeMessage;
import io.kvpurge.broker.RangeReceiver;
import io.kvpurge.broker.RangeReceiver.Work;
import io.kvpurge.broker.RangeSender;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.testkit.ArtemisServer;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/** One process launches, others work; here all of them are threads. */
class WorkerTests {

	private static final int KEYS = 5_000;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final RetrySettings RETRY = new RetrySettings(4, Duration.ofMillis(1), Duration.ofMillis(4),
			Duration.ofMinutes(10));

	@TempDir
	private static Path folder;

	private static ArtemisServer broker;

	private final Clock clock = Clock.systemUTC();

	/**
	 * Not before a test begins: of one that is disabled there is an instance, too, and
	 * nobody would close its database.
	 */
	private Home home;

	private final MemoryStore store = new MemoryStore("workers", this.clock,
			StoreCapabilities.of(100, 100, StoreCapability.values()));

	private final List<Working> workers = new ArrayList<>();

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private Settings settings = Settings.DEFAULT.withBroker(BrokerAddress.of(broker.url(), null, null));

	@BeforeEach
	void fill() {
		this.home = PurgeTester.sharedHome(this.clock);
		this.store.write(PurgeTester.entries(KEYS));
	}

	@BeforeAll
	static void startBroker() {
		broker = ArtemisServer.start(folder);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@AfterEach
	void end() {
		this.workers.forEach((working) -> working.worker().requestStop("the test ends"));
		this.workers.forEach(Working::end);
		this.home.close();
		Awaitility.await().untilAsserted(() -> assertThat(PostgresqlServer.sessions(this.home.location())).isEmpty());
	}

	@Test
	void workersDoWhatOneProcessWouldDo() {
		worker(2);
		worker(2);
		RunReport report = run(definition(16));
		assertThat(report.reason()).isEqualTo("done");
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().listed()).isEqualTo(KEYS);
		assertThat(report.counts().deleted()).isEqualTo(PurgeTester.going(KEYS).size());
		assertThat(this.lines).hasSize(2 * 16);
		new PurgeTester(this.home, this.clock).assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(KEYS));
	}

	@Test
	void whatIsFoundFirstIsJudgedByWhoeverLaunched() {
		worker(4);
		RunReport report = run(PurgeTester.guarded("[\"\"]", PurgeTester.EVERY_THIRD, 8) + "partitions-on: workers\n");
		assertThat(report.reason()).startsWith("done");
		assertThat(this.lines).hasSize(2 * 2 * 8);
		new PurgeTester(this.home, this.clock).assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(KEYS));
	}

	/** With one range, all of them end before anybody looks. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 16 })
	void noMoreIsDeletedThanMayBe(int ranges) {
		worker(3);
		worker(3);
		String limited = PurgeTester.everyThird(ranges).replace("max-fraction: 1", "max-fraction: 1, max-deletes: 1000")
				+ "partitions-on: workers\n";
		RunReport report = run(limited);
		assertThat(report.run().state()).isEqualTo(RunState.BLOCKED);
		assertThat(report.reason()).startsWith("limits.max-deletes (1000) is reached");
		assertThat(report.counts().deleted()).isEqualTo(1000);
		RunReport second = run(limited.replace("1000", "5000"));
		assertThat(second.run().state()).as(second.reason()).isEqualTo(RunState.COMPLETED);
		assertThat(second.run().attempts()).isEqualTo(2);
	}

	@Test
	void whatFailsAtAWorkerFailsTheRunWithTheReason() {
		AtomicInteger calls = new AtomicInteger();
		worker(2, this.settings, "test", (definition) -> new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (calls.incrementAndGet() == 3) {
					throw new StoreException("no more today");
				}
				return super.delete(entries);
			}
		});
		RunReport report = run(definition(8));
		assertThat(report.run().state()).isEqualTo(RunState.FAILED);
		assertThat(report.reason()).contains("range-0000").contains("no more today");
		RunReport second = run(definition(8));
		assertThat(second.reason()).isEqualTo("done");
		new PurgeTester(this.home, this.clock).assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(KEYS));
	}

	@Test
	void aWorkerThatLeavesGivesItsRangesToOthers() throws InterruptedException {
		Working[] leaving = new Working[1];
		CountDownLatch left = new CountDownLatch(1);
		leaving[0] = worker(2, this.settings, "test", (definition) -> new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				leaving[0].worker().requestStop("it leaves");
				left.countDown();
				return super.delete(entries);
			}
		});
		CompletableFuture<RunReport> launched = CompletableFuture.supplyAsync(() -> run(definition(2)));
		left.await();
		leaving[0].end();
		worker(2);
		assertThat(launched.join().reason()).isEqualTo("done");
		assertThat(this.lines).anyMatch((line) -> line.endsWith("given back"));
		assertThat(launched.join().run().attempts()).isOne();
		new PurgeTester(this.home, this.clock).assertDeletedExactlyOnce(launched.join().run().id(),
				PurgeTester.going(KEYS));
	}

	@Test
	void aStopReachesTheWorkersAndWhatNobodyBeganEndsToo() {
		PurgeJobs launching = jobs(this.settings);
		worker(1, this.settings, "test", (definition) -> new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				launching.requestStop("enough");
				return super.delete(entries);
			}
		});
		RunReport report = run(launching, definition(32));
		assertThat(report.run().state()).isEqualTo(RunState.STOPPED);
		assertThat(report.reason()).isEqualTo("enough");
		assertThat(run(definition(32)).reason()).isEqualTo("done");
	}

	@Test
	void aStopEndsARunThatNoWorkerWorksOn() {
		PurgeJobs launching = jobs(this.settings);
		List<String> hints = new CopyOnWriteArrayList<>();
		RunReport report = launching.run(request(definition(4)), new RunListener() {
			@Override
			public void onRanges(List<LedgerRange> ranges) {
				launching.requestStop("nobody comes");
			}

			@Override
			public void onHint(String line) {
				hints.add(line);
			}
		});
		assertThat(report.reason()).isEqualTo("nobody comes");
	}

	@Test
	void aWorkerThatIsNotFitLeavesARunToOthersAndSaysWhy() {
		MemoryStore another = new MemoryStore("another", this.clock);
		worker(1, this.settings, "test", (definition) -> another);
		worker(1, this.settings, "older", (definition) -> this.store);
		worker(1, this.settings.withProtected(List.of(Key.of("key/0000001"))), "test", (definition) -> this.store);
		worker(1, this.settings, "test", (definition) -> {
			throw new DefinitionException(List.of("environment variable TOKEN is not set"));
		});
		Awaitility.await().atMost(PATIENCE).until(() -> this.home.remoteRuns().workers().size() == 4);
		CompletableFuture<RunReport> launched = CompletableFuture.supplyAsync(() -> run(definition(8)));
		Awaitility.await().atMost(PATIENCE).until(() -> this.lines.size() == 4);
		assertThat(this.lines).anyMatch((line) -> line.contains("belongs to the store memory:workers, but here"))
			.anyMatch((line) -> line.contains("launched by kvpurge test, and this is older"))
			.anyMatch((line) -> line.contains("protects nothing, and this worker ['key/0000001']"))
			.anyMatch((line) -> line.contains("environment variable TOKEN is not set"));
		worker(2);
		assertThat(launched.join().reason()).isEqualTo("done");
	}

	/** After two looks into the queue, with ten seconds between them. */
	@Test
	@EnabledIfSystemProperty(named = "kvpurge.rounds", matches = "\\d+")
	void aMessageThatIsLostIsSentAgain() {
		CompletableFuture<RunReport> launched = CompletableFuture.supplyAsync(() -> run(definition(2)));
		try (ThievingReceiver thief = new ThievingReceiver(this.settings.broker(), this.home.remoteRuns().queue())) {
			Awaitility.await().atMost(PATIENCE).until(() -> thief.stolen() == 2);
		}
		worker(2);
		assertThat(launched.join().reason()).isEqualTo("done");
	}

	@Test
	void aMessageThatLeadsNowhereIsDropped() {
		try (RangeSender sender = RangeSender.open(this.settings.broker(), this.home.remoteRuns().queue())) {
			sender.send(new RangeMessage("test.1/1", 4711, 4712));
			sender.send(new RangeMessage("test.1/1", 0, 0));
			sender.tryOut();
			worker(1);
			assertThat(run(definition(4)).reason()).isEqualTo("done");
			assertThat(sender.waiting("test.1/1")).isEmpty();
		}
	}

	@Test
	void entriesAreSavedInTheDirectoryThatTheLaunchHasMarked(@TempDir Path backups) {
		String saving = definition(4) + "backup: {directory: \"" + backups + "\"}\n";
		worker(1, this.settings, "test", (definition) -> {
			remove(backups.resolve("test/1/mark"));
			return this.store;
		});
		CompletableFuture<RunReport> launched = CompletableFuture.supplyAsync(() -> run(saving));
		Awaitility.await().atMost(PATIENCE).until(() -> !this.lines.isEmpty());
		assertThat(this.lines).containsExactly("parked: the backup directory " + backups
				+ "/test/1 is not the one that the run writes to: mount the same directory here");
		this.workers.get(0).end();
		this.home.definition("test").hold().set("held by the test");
		assertThat(launched.join().run().state()).isEqualTo(RunState.STOPPED);
		this.home.definition("test").hold().lift();
		worker(2);
		RunReport report = run(saving);
		assertThat(report.reason()).isEqualTo("done");
		assertThat(report.saved().entries()).isEqualTo(PurgeTester.going(KEYS).size());
	}

	@Test
	void whoWorksOnWhatIsShown() {
		CountDownLatch shown = new CountDownLatch(1);
		worker(3, this.settings, "test", (definition) -> new ForwardingKeyValueStore(this.store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				awaitUninterruptibly(shown);
				return super.delete(entries);
			}
		});
		CompletableFuture<RunReport> launched = CompletableFuture.supplyAsync(() -> run(definition(8)));
		Awaitility.await().atMost(PATIENCE).until(() -> {
			LiveRun live = this.home.definition("test").live();
			return live != null && live.workers().size() == 1 && live.workers().get(0).ranges().size() == 3;
		});
		shown.countDown();
		assertThat(launched.join().reason()).isEqualTo("done");
	}

	private static void remove(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static RunRequest request(String definition) {
		return new RunRequest(new DefinitionReader().read(definition, "test").bind(Map.of()), RunMode.PURGE, false);
	}

	private RunReport run(PurgeJobs jobs, String definition) {
		return jobs.run(request(definition), RunListener.NONE);
	}

	private RunReport run(String definition) {
		return run(jobs(this.settings), definition);
	}

	private PurgeJobs jobs(Settings own) {
		return new PurgeJobs((definition) -> this.store, RETRY, this.home, own, origin("test"), this.clock);
	}

	private Working worker(int slots) {
		return worker(slots, this.settings, "test", (definition) -> this.store);
	}

	private Working worker(int slots, Settings own, String version,
			Function<PurgeDefinition, KeyValueStore> storeOpening) {
		PurgeWorker worker = new PurgeWorker(storeOpening, RETRY, this.home, own, origin(version), slots,
				new Noting(this.lines), this.clock);
		Thread thread = new Thread(() -> worker.run(null), "worker");
		thread.start();
		Working working = new Working(worker, thread);
		this.workers.add(working);
		return working;
	}

	private static RunOrigin origin(String version) {
		return new RunOrigin("tester", "localhost", 1, version);
	}

	private static String definition(int partitions) {
		return PurgeTester.everyThird(partitions) + "partitions-on: workers\n";
	}

	private record Working(PurgeWorker worker, Thread thread) {

		void end() {
			this.worker.requestStop("the test ends");
			try {
				this.thread.join(PATIENCE.toMillis());
				assertThat(this.thread.isAlive()).isFalse();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	/** Takes messages, and never does what they say. */
	private static final class ThievingReceiver implements AutoCloseable {

		private final AtomicInteger stolen = new AtomicInteger();

		private final RangeReceiver receiver;

		ThievingReceiver(BrokerAddress broker, String queue) {
			this.receiver = new RangeReceiver(broker, queue, 1, (range) -> {
				this.stolen.incrementAndGet();
				return Work.ENDED;
			});
			this.receiver.start();
		}

		int stolen() {
			return this.stolen.get();
		}

		@Override
		public void close() {
			this.receiver.close();
		}

	}

	private record Noting(List<String> lines) implements WorkerListener {

		@Override
		public void onRange(RunId run, String range) {
			this.lines.add(range + " begun");
		}

		@Override
		public void onRangeEnd(RunId run, String range, String how, RangeProgress progress) {
			this.lines.add(range + " " + how);
		}

		@Override
		public void onParked(RunId run, String why) {
			this.lines.add("parked: " + why);
		}

	}

}
