package io.kvpurge.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Rule;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

import static org.assertj.core.api.Assertions.assertThat;

/** What stays when entries are read again right before their delete. */
class RecheckedDeleteTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final EntryFilter FILTER = new EntryFilter(Rule.compile("metadata.x == 1", Map.of()),
			Rule.compile("metadata.field('pinned') == true", Map.of()), List.of(Key.of("safe/")), Map.of(),
			Instant.EPOCH);

	private final List<List<KeyEntry>> sent = new ArrayList<>();

	private Duration within = Duration.ZERO;

	private static KeyEntry entry(String key, Map<String, Object> metadata) {
		return new KeyEntry(Key.of(key), Metadata.of(metadata), null, null);
	}

	/** Sends what was listed as matching, when this is what is there now. */
	private DeleteResult send(boolean comparing, List<String> listed, List<KeyEntry> now) {
		List<Key> keys = listed.stream().map(Key::of).toList();
		SecondJudgement judgement = new SecondJudgement(FILTER, comparing, MINUTE);
		RecheckedDelete delete = new RecheckedDelete((asked) -> {
			assertThat(asked).isEqualTo(keys);
			return now;
		}, judgement, (call, entries, left) -> {
			this.sent.add(entries.stream().map(MatchedEntry::entry).toList());
			this.within = left;
			return DeleteResult.allDeleted(entries.stream().map(MatchedEntry::key).toList());
		});
		List<MatchedEntry> matched = keys.stream()
			.map((key) -> new MatchedEntry(KeyEntry.of(key), ListingPosition.START, Instant.EPOCH,
					new Judged(0, 0, 0, 0, Map.of())))
			.toList();
		return delete.send(call(keys), matched, Duration.ofHours(1));
	}

	private static LedgerCall call(List<Key> keys) {
		return new LedgerCall(new RunId("test", 1), 1, 1, 1, keys, Instant.EPOCH, null, List.of(), "", null);
	}

	@Test
	void whatStillMatchesGoes() {
		DeleteResult result = send(true, List.of("a"), List.of(entry("a", Map.of("x", 1L))));
		assertThat(result.deleted()).containsExactly(Key.of("a"));
		assertThat(this.sent).containsExactly(List.of(entry("a", Map.of("x", 1L))));
	}

	@Test
	void whatDoesNotMatchAnyMoreIsSparedAndWhatIsNotThereHasVanished() {
		DeleteResult result = send(true, List.of("a", "unmatched", "held", "undecided", "safe/protected", "vanished"),
				List.of(entry("a", Map.of("x", 1L)), entry("unmatched", Map.of("x", 2L)),
						entry("held", Map.of("x", 1L, "pinned", true)), entry("undecided", Map.of()),
						entry("safe/protected", Map.of("x", 1L))));
		assertThat(result.deleted()).containsExactly(Key.of("a"));
		assertThat(result.spared()).containsExactly(Key.of("unmatched"), Key.of("held"), Key.of("undecided"),
				Key.of("safe/protected"));
		assertThat(result.vanished()).containsExactly(Key.of("vanished"));
		assertThat(this.sent).hasSize(1);
	}

	@Test
	void nothingIsSentWhereNothingMatchesAnyMore() {
		DeleteResult result = send(true, List.of("unmatched", "vanished"),
				List.of(entry("unmatched", Map.of("x", 2L))));
		assertThat(result.deleted()).isEmpty();
		assertThat(this.sent).isEmpty();
	}

	@Test
	void whatIsComparedKeepsItsTimeAndWhatIsNotIsAsOldAsItsSecondReading() {
		send(true, List.of("a"), List.of(entry("a", Map.of("x", 1L))));
		assertThat(this.within).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
		send(false, List.of("a"), List.of(entry("a", Map.of("x", 1L))));
		assertThat(this.within).isBetween(Duration.ofSeconds(10), MINUTE);
		assertThat(this.sent.get(1)).containsExactly(KeyEntry.of(Key.of("a")));
	}

	@Test
	void whatIsTooLateIsNotSentInNegativeTime() {
		SecondJudgement judgement = new SecondJudgement(FILTER, true, MINUTE);
		assertThat(judgement.left(Duration.ofNanos(1), System.nanoTime() - 1_000_000)).isZero();
	}

	@Test
	void aBatchIsNoLargerThanWhatTenReadsFind() {
		StoreCapabilities plain = StoreCapabilities.of(1000, 10_000).withReadLimit(100);
		assertThat(SecondJudgement.batchLimit(plain)).isEqualTo(1000);
		assertThat(SecondJudgement.batchLimit(StoreCapabilities.of(1000, 500).withReadLimit(100))).isEqualTo(500);
		assertThat(SecondJudgement
			.batchLimit(StoreCapabilities.of(1000, 10_000, StoreCapability.CONDITIONAL_DELETE).withReadLimit(100)))
			.isEqualTo(10_000);
	}

}
