package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.jdbc.JdbcStoreType;
import io.kvpurge.testkit.KvpurgeProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** Real processes that purge a real table and are ended by signals. */
class KilledProcessTests {

	private static final int KEYS = 30_000;

	@TempDir
	private Path folder;

	private Path definition;

	private DefinitionHome home;

	@BeforeEach
	void fill() throws IOException {
		this.definition = this.folder.resolve("test.yaml");
		Files.writeString(this.definition, """
				version: 1
				name: test
				store: {type: jdbc, url: "%s", table: entries, key: name, metadata: metadata}
				select: {prefixes: ["key/"], where: metadata.n %% 3 == 0}
				partitions: 2
				limits: {keys-per-second: 5000}
				""".formatted(url()));
		this.home = Home.inFolder(this.folder.resolve("home"), Clock.systemUTC()).definition("test");
		try (KeyValueStore store = new JdbcStoreType().create(options())) {
			store.write(PurgeTester.entries(KEYS));
		}
	}

	@Test
	void aKilledRunIsCarriedOnByTheSameLine() throws IOException {
		try (KvpurgeProcess first = run()) {
			awaitLive(first, (live) -> live.totals().counts().deleted() > 0);
			first.kill();
			assertThat(first.await()).isEqualTo(137);
		}
		try (KvpurgeProcess second = run()) {
			assertThat(second.await()).as(second.err()).isZero();
			assertThat(second.err()).contains("attempt 2 (carried on from").doesNotContain("\tat ");
		}
		assertDone(2);
	}

	@Test
	void aTerminatedRunStopsAtItsNextChunkAndIsCarriedOn() throws IOException {
		try (KvpurgeProcess first = run()) {
			awaitLive(first, (live) -> live.totals().counts().deleted() > 0);
			first.terminate();
			assertThat(first.await()).isEqualTo(143);
			assertThat(first.out()).contains("test.1 STOPPED").contains("stopped by a signal");
			assertThat(first.err()).doesNotContain("\tat ").doesNotContain("Exception");
		}
		try (KvpurgeProcess second = run()) {
			assertThat(second.await()).as(second.err()).isZero();
		}
		assertDone(2);
	}

	@Test
	void aSecondLaunchIsToldWhoIsRunning() {
		try (KvpurgeProcess first = run()) {
			awaitLive(first, (live) -> true);
			try (KvpurgeProcess second = run()) {
				assertThat(second.await()).isEqualTo(5);
				assertThat(second.err()).contains("run test.1 is under way since").contains("pid");
			}
		}
	}

	private void awaitLive(KvpurgeProcess process, Predicate<LiveRun> condition) {
		Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(20)).until(() -> {
			assertThat(process.isAlive()).as(process.out() + process.err()).isTrue();
			LiveRun live = this.home.live();
			return live != null && condition.test(live);
		});
	}

	private void assertDone(int attempts) throws IOException {
		try (LedgerDatabase database = this.home.read()) {
			PurgeRun run = database.ledger().latest("test", null);
			assertThat(run.state()).isEqualTo(RunState.COMPLETED);
			assertThat(run.attempts()).isEqualTo(attempts);
			assertThat(database.ledger().totals(run.id()).counts().listed()).isEqualTo(KEYS);
			assertThat(database.ledger().verify(run.id()).problem()).isNull();
		}
		try (KeyValueStore store = new JdbcStoreType().open(options())) {
			assertThat(keys(store)).isEqualTo(PurgeTester.staying(KEYS));
		}
		PurgeTester tester = new PurgeTester(this.folder.resolve("home"));
		tester.assertDeletedExactlyOnce(new RunId("test", 1), PurgeTester.going(KEYS));
	}

	private static List<Key> keys(KeyValueStore store) {
		List<Key> keys = new ArrayList<>();
		ListingPosition position = ListingPosition.START;
		while (position != null) {
			KeyPage page = store.list(KeyRange.of(Key.of("")), position, store.capabilities().pageLimit());
			page.entries().stream().map(KeyEntry::key).forEach(keys::add);
			position = (page.next() != null) ? ListingPosition.at(page.next()) : null;
		}
		return keys;
	}

	private KvpurgeProcess run() {
		return KvpurgeProcess.start(this.folder, Map.of(), "run", this.definition.toString(), "--home",
				this.folder.resolve("home").toString());
	}

	private String url() {
		return "jdbc:h2:file:" + this.folder.resolve("store");
	}

	private StoreOptions options() {
		return new StoreOptions(Map.of("url", List.of(url()), "table", List.of("entries"), "key", List.of("name"),
				"metadata", List.of("metadata")));
	}

}
