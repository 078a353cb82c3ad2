package io.kvpurge.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.backup.RunBackup;
import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Rule;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoredEntry;
import io.kvpurge.store.Unreadable;
import io.kvpurge.store.Value;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is saved before it goes, and what stays since it is not. */
class SavedDeleteTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final EntryFilter FILTER = new EntryFilter(Rule.compile("key != 'changed'", Map.of()), null,
			List.of(), Map.of(), Instant.EPOCH);

	private final MemoryStore store = new MemoryStore("saved", Clock.systemUTC());

	private final List<Integer> reads = new ArrayList<>();

	private final List<List<KeyEntry>> sent = new ArrayList<>();

	private Duration within = Duration.ZERO;

	@TempDir
	private Path folder;

	private RunBackup backup() {
		return RunBackup.of(this.folder, 1);
	}

	private void write(String key, String value) {
		this.store.write(List
			.of(new KeyValue(Key.of(key), Value.of(value.getBytes(StandardCharsets.UTF_8)), Metadata.ABSENT, null)));
	}

	private SavedDelete saving(int readLimit, boolean comparing) {
		return new SavedDelete(new ForwardingKeyValueStore(this.store) {
			@Override
			public List<StoredEntry> readStored(Collection<Key> keys) {
				SavedDeleteTests.this.reads.add(keys.size());
				return super.readStored(keys);
			}
		}, readLimit, backup(), 7, new SecondJudgement(FILTER, comparing, Duration.ofMinutes(1)),
				(call, entries, time) -> {
					this.sent.add(entries.stream().map(MatchedEntry::entry).toList());
					this.within = time;
					assertThat(backup().segment(7, call.sequence()).exists()).as("saved before").isTrue();
					return DeleteResult.allDeleted(entries.stream().map(MatchedEntry::key).toList());
				});
	}

	private DeleteResult send(SavedDelete delete, String... keys) {
		List<Key> named = RangeTester.keys(keys);
		return delete.send(
				new LedgerCall(new RunId("test", 1), 7, 3, 1, named, Instant.EPOCH, null, List.of(), "", null),
				named.stream()
					.map((key) -> new MatchedEntry(KeyEntry.of(key), ListingPosition.START, Instant.EPOCH,
							new Judged(0, 0, 0, 0, Map.of())))
					.toList(),
				HOUR);
	}

	private List<String> saved() {
		List<String> saved = new ArrayList<>();
		backup().segment(7, 3)
			.forEach((entry) -> saved
				.add(entry.key().text() + "=" + new String(entry.value().bytes(), StandardCharsets.UTF_8)));
		return saved;
	}

	@Test
	void whatGoesWasSavedAsItWasThen() {
		write("a", "1");
		write("b", "2");
		DeleteResult result = send(saving(100, true), "a", "b");
		assertThat(result).isEqualTo(DeleteResult.allDeleted(RangeTester.keys("a", "b")));
		assertThat(saved()).containsExactly("a=1", "b=2");
		assertThat(this.sent).containsExactly(this.store.find(RangeTester.keys("a", "b")));
		assertThat(this.within).isBetween(Duration.ofMinutes(50), HOUR);
	}

	@Test
	void whatIsNotComparedIsAKeyAndMustGoSoon() {
		write("a", "1");
		send(saving(100, false), "a");
		assertThat(this.sent).containsExactly(List.of(KeyEntry.of(Key.of("a"))));
		assertThat(this.within).isBetween(Duration.ofSeconds(10), Duration.ofMinutes(1));
	}

	@Test
	void whatChangedOrWentOrCannotBeSavedStays() {
		write("a", "1");
		write("changed", "2");
		this.store.write(
				List.of(new KeyValue(Key.of("odd"), Value.of(new byte[] { 1 }), Metadata.of(Unreadable.VALUE), null)));
		DeleteResult result = send(saving(100, true), "a", "changed", "gone", "odd");
		assertThat(result.deleted()).isEqualTo(RangeTester.keys("a"));
		assertThat(result.spared()).isEqualTo(RangeTester.keys("changed"));
		assertThat(result.vanished()).isEqualTo(RangeTester.keys("gone"));
		assertThat(result.refused()).isEqualTo(Map.of(Key.of("odd"), "cannot be saved: its metadata cannot be read"));
		assertThat(saved()).containsExactly("a=1");
		assertThat(this.sent).hasSize(1);
		assertThat(this.sent.get(0)).hasSize(1);
	}

	@Test
	void whereNothingIsSavedNothingIsSentAndThereIsNoSegment() {
		write("changed", "2");
		DeleteResult result = send(saving(100, true), "changed", "gone");
		assertThat(result.spared()).hasSize(1);
		assertThat(this.sent).isEmpty();
		assertThat(backup().content().segments()).isEmpty();
	}

	@Test
	void whereNothingCanBeReadNothingIsSentAndNothingUnfinishedIsLeft() {
		IllegalStateException away = new IllegalStateException("away");
		SavedDelete delete = new SavedDelete(new ForwardingKeyValueStore(this.store) {
			@Override
			public List<StoredEntry> readStored(Collection<Key> keys) {
				throw away;
			}
		}, 100, backup(), 7, new SecondJudgement(FILTER, true, HOUR), (call, entries, time) -> {
			throw new AssertionError("sent without a backup");
		});
		assertThatThrownBy(() -> send(delete, "a")).isSameAs(away);
		assertThat(this.folder.resolve("1").resolve("range-00007")).isEmptyDirectory();
	}

	@Test
	void smallValuesAreReadManyAtATimeAndNoMoreThanTheStoreTakes() {
		String[] keys = new String[20];
		for (int i = 0; i < keys.length; i++) {
			keys[i] = "k%02d".formatted(i);
			write(keys[i], "small");
		}
		SavedDelete delete = saving(4, true);
		assertThat(send(delete, keys).deleted()).hasSize(20);
		assertThat(this.reads).containsExactly(1, 2, 4, 4, 4, 4, 1);
		assertThat(saved()).hasSize(20);
	}

	@Test
	void largeValuesAreReadFewerAtATime() {
		String[] keys = new String[12];
		for (int i = 0; i < keys.length; i++) {
			keys[i] = "k%02d".formatted(i);
			byte[] value = new byte[(i < 3) ? 1 : (int) (ValuePages.LARGE / 4) + 1];
			this.store.write(List.of(new KeyValue(Key.of(keys[i]), Value.of(value), Metadata.ABSENT, null)));
		}
		assertThat(send(saving(100, true), keys).deleted()).hasSize(12);
		// Four of them are too much, two are neither much nor little.
		assertThat(this.reads).containsExactly(1, 2, 4, 2, 2, 1);
	}

}
