package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Keys that are named one by one are looked up, and whatever else holds for a run holds.
 */
class NamedKeysTests {

	private static final int KEYS = 6000;

	/** Every second one is named, of which every third matches. */
	private static final int DELETED = KEYS / 6;

	@TempDir
	private Path folder;

	private final MemoryStore store = new MemoryStore("named", Clock.systemUTC(),
			StoreCapabilities.of(50, 20, StoreCapability.values()));

	private final KeyFileStore lookingUp = new KeyFileStore(this.store);

	private Path file;

	private Home home;

	private PurgeTester tester;

	@BeforeEach
	void fill() throws IOException {
		this.file = this.folder.resolve("named.txt");
		name(IntStream.range(0, KEYS).filter((n) -> n % 2 == 0).toArray());
		this.home = home(this.folder.resolve("home"));
		this.tester = new PurgeTester(this.home, Clock.systemUTC());
		this.store.write(PurgeTester.entries(KEYS));
	}

	Home home(Path folder) {
		return Home.inFolder(folder, Clock.systemUTC());
	}

	@AfterEach
	void close() {
		this.home.close();
	}

	/** In no order, the first of them twice, and one that is not there. */
	private void name(int... numbers) throws IOException {
		List<String> lines = IntStream.of(numbers)
			.mapToObj((n) -> PurgeTester.entry(n).key().text())
			.collect(Collectors.toCollection(ArrayList::new));
		lines.add(lines.get(0));
		lines.add("key/none");
		Collections.shuffle(lines, new Random(1));
		Files.write(this.file, lines);
	}

	private String definition(String more) {
		return PurgeTester.everyThird(4).replace("  prefixes: [\"\"]\n", "  keys-file: " + this.file + "\n" + more);
	}

	private void assertDone(RunReport report) {
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().listed()).isEqualTo(KEYS / 2);
		assertThat(report.counts().unmatched()).isEqualTo(KEYS / 2 - DELETED);
		assertThat(report.counts().deleted()).isEqualTo(DELETED);
		assertThat(this.store.snapshot().keySet()).containsExactlyInAnyOrderElementsOf(IntStream.range(0, KEYS)
			.filter((n) -> n % 6 != 0)
			.mapToObj((n) -> PurgeTester.entry(n).key())
			.toList());
		this.tester.outcomes(report.run().id());
	}

	@Test
	void onlyTheyAreLookedAtAndNothingIsListed() {
		RunReport report = this.tester.run(this.lookingUp, definition(""));
		assertDone(report);
		assertThat(report.totals().calls().list()).isZero();
		assertThat(this.lookingUp.found.get()).isEqualTo(KEYS / 2);
		assertThat(this.folder.resolve("home").resolve(PurgeTester.NAME).resolve("work")).doesNotExist();
	}

	@Test
	void prefixesAndProtectionHoldForThem() {
		RunReport report = this.tester.run(this.store, definition("  prefixes: [\"key/0000\", \"other/\"]\n"));
		assertThat(report.counts().listed()).isEqualTo(500);
		assertThat(report.counts().deleted()).isEqualTo(167);
	}

	@Test
	void aListOfThemIsEnough() {
		RunReport report = this.tester.run(this.lookingUp, PurgeTester.everyThird(4)
			.replace("  prefixes: [\"\"]\n", "  keys: [key/0000003, key/0000004, none, key/0000003]\n"));
		assertThat(report.counts().listed()).isEqualTo(2);
		assertThat(report.counts().deleted()).isEqualTo(1);
		assertThat(this.store.snapshot()).hasSize(KEYS - 1).doesNotContainKey(Key.of("key/0000003"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 31 })
	void aStoppedRunIsCarriedOn(int deletes) {
		RunReport stopped = stopAfter(deletes);
		assertThat(stopped.run().state()).isEqualTo(RunState.STOPPED);
		RunReport report = this.tester.run(this.lookingUp, definition(""));
		assertThat(report.run().id()).isEqualTo(stopped.run().id());
		assertDone(report);
	}

	@Test
	void otherKeysAreAnotherRun() throws IOException {
		RunReport stopped = stopAfter(3);
		name(1, 3);
		assertThatThrownBy(() -> this.tester.jobs(this.store).resume(PurgeTester.NAME, null, RunListener.NONE))
			.isInstanceOf(DefinitionException.class)
			.hasMessage(
					this.file + ": has other keys than when run test.1 was begun: begin anew with 'kvpurge run FILE'");
		RunReport report = this.tester.run(this.lookingUp, definition(""));
		assertThat(report.run().id().number()).isEqualTo(2);
		assertThat(report.counts().listed()).isEqualTo(2);
		assertThat(this.tester.ledger((ledger) -> ledger.find(stopped.run().id())).state())
			.isEqualTo(RunState.SUPERSEDED);
	}

	@Test
	void aRunIsResumedWhileItsFileIsThere() throws IOException {
		stopAfter(3);
		Path moved = Files.move(this.file, this.folder.resolve("moved"));
		assertThatThrownBy(() -> this.tester.jobs(this.store).resume(PurgeTester.NAME, null, RunListener.NONE))
			.isInstanceOf(DefinitionException.class)
			.hasMessage(this.file + ": there is no such file");
		Files.move(moved, this.file);
		assertDone(this.tester.jobs(this.lookingUp).resume(PurgeTester.NAME, null, RunListener.NONE));
	}

	@Test
	void aPlanOfThemIsAppliedWithoutThem() throws IOException {
		RunReport plan = this.tester.run(this.tester.jobs(this.lookingUp), definition(""), RunMode.PLAN, false);
		assertThat(plan.counts().matched()).isEqualTo(DELETED);
		Files.delete(this.file);
		RunReport applied = this.tester.jobs(this.store)
			.apply(new ApplyRequest(PurgeTester.NAME, null, null, Duration.ZERO), RunListener.NONE);
		assertThat(applied.counts().deleted()).isEqualTo(DELETED);
	}

	@Test
	void theyAreFoundBeforeAnythingIsDeletedWhereThatIsJudged() {
		RunReport blocked = this.tester.run(this.lookingUp,
				definition("").replace("max-fraction: 1", "max-fraction: 0.1"));
		assertThat(blocked.run().state()).isEqualTo(RunState.BLOCKED);
		assertThat(this.store.snapshot()).hasSize(KEYS);
		assertDone(this.tester.run(this.store, definition("").replace("max-fraction: 1", "max-fraction: 0.5")));
	}

	@Test
	void noneAreARunWithNothingToDo() throws IOException {
		Files.writeString(this.file, "\n");
		RunReport report = this.tester.run(this.lookingUp, definition(""));
		assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(report.counts().listed()).isZero();
	}

	@Test
	void aFileThatCannotBeReadIsSaidBeforeAnythingIsMade() throws IOException {
		Files.delete(this.file);
		BoundDefinition bound = new DefinitionReader().read(definition(""), "test").bind(Map.of());
		assertThatThrownBy(
				() -> this.tester.jobs(this.store).run(new RunRequest(bound, RunMode.PURGE, false), RunListener.NONE))
			.isInstanceOf(DefinitionException.class)
			.hasMessage(this.file + ": there is no such file");
		assertThat(this.tester.folder().hasLedger()).isFalse();
	}

	private RunReport stopAfter(int deletes) {
		return this.tester.runStoppedAfter(this.lookingUp, deletes, definition(""));
	}

	/** Cannot be listed. */
	private static final class KeyFileStore extends ForwardingKeyValueStore {

		private final AtomicInteger found = new AtomicInteger();

		KeyFileStore(MemoryStore store) {
			super(store);
		}

		@Override
		public List<KeyRange> split(List<Key> prefixes, int wanted) {
			throw new AssertionError("divided");
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			throw new AssertionError("listed");
		}

		@Override
		public List<KeyEntry> find(Collection<Key> keys) {
			List<KeyEntry> entries = super.find(keys);
			this.found.addAndGet(entries.size());
			return entries;
		}

	}

}
