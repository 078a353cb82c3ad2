package io.kvpurge.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.Value;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is saved before it is deleted, and put back. */
class BackupTests {

	private static final int COUNT = 3_000;

	private static final String SAVED = PurgeTester.everyThird(4) + "backup: true\n";

	@TempDir
	private Path folder;

	private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

	private PurgeTester purges() {
		return new PurgeTester(this.folder, this.clock);
	}

	private MemoryStore store(StoreCapability... abilities) {
		return new MemoryStore("test", this.clock, StoreCapabilities.of(100, 100, abilities));
	}

	private MemoryStore filled(MemoryStore store) {
		store.write(entries());
		return store;
	}

	/** Values of all bytes, some large; metadata of all kinds; some expire. */
	private List<KeyValue> entries() {
		return IntStream.range(0, COUNT).mapToObj(this::entry).toList();
	}

	private KeyValue entry(int n) {
		byte[] value = new byte[n % 97];
		for (int i = 0; i < value.length; i++) {
			value[i] = (byte) (n * 31 + i);
		}
		Map<String, @Nullable Object> metadata = new HashMap<>();
		metadata.put("n", (long) n);
		metadata.put("text", "ü\u0000\n\ud83d\ude00");
		metadata.put("list", List.of(1.5, true, Map.of("deep", "x")));
		metadata.put("none", null);
		Instant expiration = (n % 5 == 0) ? this.clock.instant().plusSeconds(86_400 + n) : null;
		return new KeyValue(key(n), Value.of(value), Metadata.of(metadata), expiration);
	}

	private static Key key(int n) {
		return (n % 11 == 0) ? Key.of(new byte[] { 'k', (byte) 0xff, (byte) (n >> 8), (byte) n })
				: Key.of("key/\ud83d\ude00/" + n);
	}

	private static Map<Key, KeyValue> content(MemoryStore store) {
		Map<Key, KeyValue> content = new HashMap<>();
		store.read(store.snapshot().keySet()).forEach((entry) -> content.put(entry.key(), entry));
		return content;
	}

	private static RestoreRequest restore(@Nullable String where, boolean overwrite) {
		return new RestoreRequest(PurgeTester.NAME, null, where, overwrite, null, Duration.ZERO);
	}

	static Stream<List<StoreCapability>> abilities() {
		return Stream.of(List.of(StoreCapability.values()),
				List.of(StoreCapability.VALUES, StoreCapability.METADATA_IN_LISTING), List.of(StoreCapability.VALUES,
						StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED, StoreCapability.RESUMABLE));
	}

	@ParameterizedTest
	@MethodSource("abilities")
	void everythingThatWentComesBackAsItWas(List<StoreCapability> abilities) {
		MemoryStore store = filled(store(abilities.toArray(StoreCapability[]::new)));
		Map<Key, KeyValue> before = content(store);
		PurgeTester purges = purges();
		RunReport run = purges.run(store, SAVED);
		assertThat(run.run().state()).as(run.reason()).isEqualTo(RunState.COMPLETED);
		assertThat(run.counts().deleted()).isEqualTo(1000);
		assertThat(store.snapshot()).hasSize(2000);
		assertThat(run.saved()).isNotNull();
		assertThat(run.saved().entries()).isEqualTo(1000);
		assertThat(run.saved().bytes()).isPositive();
		RunReport restored = purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(restored.run().state()).as(restored.reason()).isEqualTo(RunState.COMPLETED);
		assertThat(restored.run().reason()).isEqualTo("restored");
		assertThat(restored.counts().deleted()).isEqualTo(1000);
		assertThat(content(store)).isEqualTo(before);
		assertThat(purges.outcomes(restored.run().id()).values())
			.allSatisfy((outcomes) -> assertThat(outcomes).containsExactly(Outcome.RESTORED));
		assertThat(purges.ledger((ledger) -> ledger.verify(restored.run().id())).problem()).isNull();
	}

	@Test
	void nothingIsDeletedThatCannotBeSaved() {
		MemoryStore store = store(StoreCapability.values());
		store.write(List.of(entry(0), entry(3),
				new KeyValue(Key.of("odd"), null, Metadata.of(Map.of("n", 6L, "x", Double.NaN)), null)));
		RunReport run = purges().run(store, SAVED);
		assertThat(run.counts().deleted()).isEqualTo(2);
		assertThat(run.counts().refused()).isEqualTo(1);
		assertThat(store.snapshot()).containsOnlyKeys(Key.of("odd"));
		assertThat(run.saved()).isNotNull();
		assertThat(run.saved().entries()).isEqualTo(2);
	}

	@Test
	void nothingIsDeletedWhereNothingCanBeWritten() throws IOException {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		Path backups = purges.folder().backupFolder();
		assertThat(backups).isNotNull();
		Files.createDirectories(backups.getParent());
		Files.writeString(backups, "in the way");
		RunReport run = purges.run(store, SAVED);
		assertThat(run.run().state()).isEqualTo(RunState.FAILED);
		assertThat(run.reason()).contains("cannot write backups in");
		assertThat(store.snapshot()).hasSize(COUNT);
		Files.delete(backups);
		RunReport again = purges.run(store, SAVED);
		assertThat(again.run().id()).isEqualTo(run.run().id());
		assertThat(again.counts().deleted()).isEqualTo(1000);
	}

	@Test
	void whatIsThereAgainStaysAsItIs() {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		purges.run(store, SAVED);
		KeyValue rewritten = new KeyValue(key(3), Value.of(new byte[] { 1 }), Metadata.ABSENT, null);
		store.write(List.of(rewritten));
		RunReport restored = purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(restored.counts().deleted()).isEqualTo(999);
		assertThat(restored.counts().spared()).isEqualTo(1);
		assertThat(restored.reason()).isEqualTo("restored in part; 1 keys are there again, and were left");
		assertThat(content(store)).containsEntry(key(3), rewritten);
		assertThat(purges.outcomes(restored.run().id()).get(key(3))).containsExactly(Outcome.EXISTING);
		RunReport replaced = purges.jobs(store).restore(restore(null, true), RunListener.NONE);
		assertThat(replaced.run().id()).isNotEqualTo(restored.run().id());
		assertThat(replaced.counts().deleted()).isEqualTo(1000);
		assertThat(content(store)).containsEntry(key(3), entry(3));
	}

	@Test
	void whatHasExpiredIsNamedAndNotWritten() {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		purges.run(store, SAVED);
		this.clock.advance(Duration.ofDays(2));
		RunReport restored = purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(restored.counts().vanished()).isEqualTo(200);
		assertThat(restored.counts().deleted()).isEqualTo(800);
		assertThat(restored.reason()).isEqualTo("restored in part; 200 have expired");
		assertThat(purges.outcomes(restored.run().id()).get(key(15))).containsExactly(Outcome.EXPIRED);
		assertThat(store.snapshot()).doesNotContainKey(key(15)).containsKey(key(3));
	}

	@Test
	void aRuleSelectsWhatComesBack() {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		purges.run(store, SAVED);
		RestoreRequest request = restore("metadata.n < 300 && key.startsWith('key/')", false);
		RestorePreview preview = purges.jobs(store).preview(request);
		RunReport restored = purges.jobs(store).restore(request, RunListener.NONE);
		long wanted = IntStream.range(0, 300).filter((n) -> n % 3 == 0 && n % 11 != 0).count();
		assertThat(restored.counts().listed()).isEqualTo(1000);
		assertThat(restored.counts().deleted()).isEqualTo(wanted);
		assertThat(restored.counts().unmatched() + restored.counts().undecided()).isEqualTo(1000 - wanted);
		assertThat(preview.counts()).isEqualTo(restored.counts());
		assertThat(store.snapshot()).hasSize((int) (2000 + wanted)).containsKey(key(3)).doesNotContainKey(key(300));
		assertThatThrownBy(() -> purges.jobs(store).restore(restore("metadata.n <", false), RunListener.NONE))
			.isInstanceOf(DefinitionException.class)
			.hasMessageContaining("--where: ");
	}

	@Test
	void aDryRunWritesNothing() {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		purges.run(store, SAVED);
		store.write(List.of(entry(3)));
		RestorePreview preview = purges.jobs(store).preview(restore(null, false));
		assertThat(preview.counts().deleted()).isEqualTo(999);
		assertThat(preview.counts().spared()).isEqualTo(1);
		assertThat(store.snapshot()).hasSize(2001);
		int runs = purges.ledger((ledger) -> ledger.runs(PurgeTester.NAME).size());
		assertThat(runs).isEqualTo(1);
	}

	@Test
	void whatCannotBeReadBackIsNamedAndTheRestComesBack() throws IOException {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		RunReport run = purges.run(store, SAVED);
		List<Path> segments = segments(purges);
		byte[] bytes = Files.readAllBytes(segments.get(0));
		bytes[bytes.length / 2] ^= 1;
		Files.write(segments.get(0), bytes);
		Files.delete(segments.get(1));
		RestorePreview preview = purges.jobs(store).preview(restore(null, false));
		RunReport restored = purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(restored.run().state()).isEqualTo(RunState.COMPLETED);
		assertThat(restored.exitCode().status()).isEqualTo(6);
		assertThat(restored.counts().refused()).isPositive();
		assertThat(restored.counts().deleted()).isEqualTo(1000 - restored.counts().refused());
		assertThat(preview.counts()).isEqualTo(restored.counts());
		assertThat(preview.refused().values().stream().mapToLong(Long::longValue).sum())
			.isEqualTo(restored.counts().refused());
		assertThat(preview.refused()).containsKey("backup segment " + segments.get(1) + " is missing")
			.hasKeySatisfying(new org.assertj.core.api.Condition<>((reason) -> reason.contains(segments.get(0) + ": "),
					"the damaged one"));
		List<String> reasons = new ArrayList<>();
		purges.ledger((ledger) -> {
			ledger.calls(restored.run().id(),
					(call) -> call.outcomes()
						.stream()
						.filter((outcome) -> outcome.reason() != null)
						.forEach((outcome) -> reasons.add(outcome.reason())));
			return true;
		});
		assertThat(reasons).anyMatch((reason) -> reason.contains(segments.get(0) + ": "))
			.anyMatch((reason) -> reason.equals("backup segment " + segments.get(1) + " is missing"));
		assertThat(run.counts().deleted()).isEqualTo(1000);
	}

	private static List<Path> segments(PurgeTester purges) throws IOException {
		Path backups = purges.folder().backupFolder();
		assertThat(backups).isNotNull();
		try (Stream<Path> files = Files.walk(backups)) {
			return files.filter((file) -> file.toString().endsWith(".jsonl.gz")).sorted().toList();
		}
	}

	@Test
	void aRunWithoutBackupCannotBeRestored() {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		purges.run(store, PurgeTester.everyThird(4));
		assertThatThrownBy(() -> purges.jobs(store).restore(restore(null, false), RunListener.NONE))
			.isInstanceOf(DefinitionException.class)
			.hasMessageContaining("run test.1 made no backup");
	}

	@Test
	void anotherStoreIsWrittenToOnlyOnPurpose() {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		purges.run(store, SAVED);
		MemoryStore other = new MemoryStore("other", this.clock);
		assertThatThrownBy(() -> purges.jobs(other).restore(restore(null, false), RunListener.NONE))
			.isInstanceOf(DefinitionException.class)
			.hasMessageContaining("belongs to the store memory:test");
		assertThat(other.snapshot()).isEmpty();
		RunReport restored = purges.jobs(other)
			.restore(
					new RestoreRequest(PurgeTester.NAME, 1, null, false,
							new DefinitionReader().read(PurgeTester.everyThird(1), "other"), Duration.ZERO),
					RunListener.NONE);
		assertThat(restored.counts().deleted()).isEqualTo(1000);
		assertThat(other.snapshot()).hasSize(1000);
		assertThat(restored.run().identity().store()).isEqualTo("memory:other");
	}

	@Test
	void aRunThatWasCutOffIsEndedAndWhatItDeletedComesBack() {
		MemoryStore store = filled(store(StoreCapability.values()));
		Map<Key, KeyValue> before = content(store);
		PurgeTester purges = purges();
		AtomicInteger deletes = new AtomicInteger();
		RunReport cutOff = purges.run(new ForwardingKeyValueStore(store) {

			@Override
			public io.kvpurge.store.DeleteResult delete(List<KeyEntry> entries) {
				io.kvpurge.store.DeleteResult result = super.delete(entries);
				if (deletes.incrementAndGet() == 3) {
					throw new IllegalStateException("dies behind its delete");
				}
				return result;
			}

		}, SAVED);
		assertThat(cutOff.run().state()).isEqualTo(RunState.FAILED);
		int gone = COUNT - store.snapshot().size();
		assertThat(gone).isPositive().isLessThan(1000);
		RunReport restored = purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(restored.counts().deleted()).isEqualTo(gone);
		assertThat(content(store)).isEqualTo(before);
		assertThat(purges.ledger((ledger) -> ledger.find(cutOff.run().id())).state()).isEqualTo(RunState.SUPERSEDED);
	}

	@Test
	void aRestoreThatWasCutOffIsCarriedOn() {
		MemoryStore store = filled(store(StoreCapability.values()));
		Map<Key, KeyValue> before = content(store);
		PurgeTester purges = purges();
		purges.run(store, SAVED);
		AtomicInteger writes = new AtomicInteger();
		RunReport cutOff = purges.jobs(new ForwardingKeyValueStore(store) {

			@Override
			public List<Key> add(List<KeyValue> entries) {
				List<Key> there = super.add(entries);
				if (writes.incrementAndGet() == 4) {
					throw new IllegalStateException("dies behind its write");
				}
				return there;
			}

		}).restore(restore(null, false), RunListener.NONE);
		assertThat(cutOff.run().state()).isEqualTo(RunState.FAILED);
		RunReport restored = purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(restored.run().id()).isEqualTo(cutOff.run().id());
		assertThat(restored.run().state()).as(restored.reason()).isEqualTo(RunState.COMPLETED);
		assertThat(restored.counts().deleted()).as("what was found restored counts, too").isEqualTo(1000);
		assertThat(purges.outcomes(restored.run().id()).values().stream().flatMap(List::stream))
			.contains(Outcome.FOUND);
		assertThat(content(store)).isEqualTo(before);
	}

	@Test
	void anAnswerThatWasLostIsLookedInto() {
		MemoryStore store = filled(store(StoreCapability.values()));
		PurgeTester purges = purges();
		purges.run(store, SAVED);
		AtomicInteger writes = new AtomicInteger();
		RunReport restored = purges.jobs(new ForwardingKeyValueStore(store) {

			@Override
			public List<Key> add(List<KeyValue> entries) {
				List<Key> there = super.add(entries);
				if (writes.incrementAndGet() % 3 == 1) {
					throw new TransientStoreException("the answer was lost", null, null);
				}
				return there;
			}

		}).restore(restore(null, false), RunListener.NONE);
		assertThat(restored.run().state()).as(restored.reason()).isEqualTo(RunState.COMPLETED);
		assertThat(restored.counts().deleted()).isEqualTo(1000);
		assertThat(restored.counts().spared()).isZero();
		assertThat(store.snapshot()).hasSize(COUNT);
	}

	@Test
	void ofAKeyThatWentTwiceTheLatterComesBack() {
		MemoryStore store = store(StoreCapability.values());
		store.write(List.of(entry(3)));
		PurgeTester purges = purges();
		KeyValue second = new KeyValue(key(3), Value.of("second".getBytes(StandardCharsets.UTF_8)),
				Metadata.of(Map.of("n", 3L)), null);
		AtomicInteger lists = new AtomicInteger();
		ForwardingKeyValueStore rewriting = new ForwardingKeyValueStore(store) {

			@Override
			public io.kvpurge.store.DeleteResult delete(List<KeyEntry> entries) {
				io.kvpurge.store.DeleteResult result = super.delete(entries);
				if (lists.incrementAndGet() == 1) {
					store.write(List.of(second));
					throw new IllegalStateException("dies, and somebody writes the key again");
				}
				return result;
			}

		};
		purges.run(rewriting, SAVED);
		assertThat(store.snapshot()).containsOnlyKeys(key(3));
		RunReport run = purges.run(rewriting, SAVED);
		assertThat(run.counts().deleted()).isEqualTo(1);
		assertThat(store.snapshot()).isEmpty();
		purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(content(store)).containsEntry(key(3), second);
	}

	@Test
	void aBackupInADirectoryIsThatOfOneHome(@TempDir Path backups, @TempDir Path otherHome) {
		MemoryStore store = filled(store(StoreCapability.values()));
		String definition = PurgeTester.everyThird(1) + "backup: {directory: " + backups + "}\n";
		assertThat(purges().run(store, definition).counts().deleted()).isEqualTo(1000);
		store.write(entries());
		this.clock.advance(Duration.ofSeconds(5));
		RunReport other = new PurgeTester(otherHome, this.clock).run(store, definition);
		assertThat(other.run().state()).isEqualTo(RunState.FAILED);
		assertThat(other.reason()).contains("has the backup of another run test.1");
		assertThat(store.snapshot()).hasSize(COUNT);
	}

	@Test
	void aSharedHomeNeedsADirectory() {
		MemoryStore store = filled(store(StoreCapability.values()));
		try (Home home = PurgeTester.sharedHome(this.clock)) {
			PurgeTester shared = new PurgeTester(home, this.clock);
			assertThatThrownBy(() -> shared.run(store, SAVED)).isInstanceOf(DefinitionException.class)
				.hasMessageContaining("backup: {directory: PATH}");
			RunReport run = shared.run(store, PurgeTester.everyThird(2) + "backup: {directory: " + this.folder + "}\n");
			assertThat(run.counts().deleted()).isEqualTo(1000);
			RunReport restored = shared.jobs(store).restore(restore(null, false), RunListener.NONE);
			assertThat(restored.counts().deleted()).isEqualTo(1000);
			assertThat(shared.ledger((ledger) -> ledger.verify(restored.run().id())).problem()).isNull();
		}
	}

	@Test
	void aPlanSavesNothingAndItsApplicationDoes() {
		MemoryStore store = filled(store(StoreCapability.values()));
		Map<Key, KeyValue> before = content(store);
		PurgeTester purges = purges();
		purges.run(purges.jobs(store), SAVED, RunMode.PLAN, false);
		RunReport applied = purges.jobs(store)
			.apply(new ApplyRequest(PurgeTester.NAME, null, null, Duration.ZERO), RunListener.NONE);
		assertThat(applied.saved()).isNotNull();
		assertThat(applied.saved().entries()).isEqualTo(1000);
		purges.jobs(store).restore(restore(null, false), RunListener.NONE);
		assertThat(content(store)).isEqualTo(before);
	}

}
