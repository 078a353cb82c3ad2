package io.kvpurge.filter;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;

import static org.assertj.core.api.Assertions.assertThat;

class RuleEntryTests extends RuleKit {

	private static final String MISSING = "metadata.x is missing";

	private static Decision decideExpiring(String rule, @Nullable Instant expiration) {
		return filter(rule, null).decide(new KeyEntry(Key.of("page/1"), Metadata.ABSENT, expiration, null));
	}

	private static Decision decideKey(String rule, String key) {
		return filter(rule, null).decide(entry(key, Metadata.ABSENT));
	}

	@Test
	void allHoldsForEveryEntryEvenOneWithoutText() {
		assertThat(decideKey("all", "any")).isEqualTo(Decision.MATCHED);
		assertThat(filter(" all\n", null).decide(KeyEntry.of(Key.of(new byte[] { -1 })))).isEqualTo(Decision.MATCHED);
	}

	@Test
	void keyIsComparedAsText() {
		assertThat(decideKey("key.startsWith('page/')", "page/1")).isEqualTo(Decision.MATCHED);
		assertThat(decideKey("key == 'größe/😀'", "größe/😀")).isEqualTo(Decision.MATCHED);
		assertThat(decideKey("key.size() == 1", "😀")).isEqualTo(Decision.MATCHED);
		assertThat(decideKey("key in params.ids", "b")).isEqualTo(Decision.MATCHED);
		assertThat(decideKey("key in ['a', 'c']", "b")).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void matchesLooksAnywhereUnlessAnchored() {
		assertThat(decideKey("key.matches('[0-9]')", "page/1")).isEqualTo(Decision.MATCHED);
		assertThat(decideKey("key.matches('^[0-9]$')", "page/1")).isEqualTo(Decision.UNMATCHED);
		assertThat(decideKey("key.matches('^page/[0-9]+$')", "page/12")).isEqualTo(Decision.MATCHED);
	}

	@Test
	void keyWithoutTextIsUndecidedOnlyIfTheRuleAsksForIt() {
		KeyEntry entry = new KeyEntry(Key.of(new byte[] { (byte) 0xff }), Metadata.of(Map.of("x", 1L)), null, null);
		assertThat(filter("key == 'a'", null).decide(entry)).isEqualTo(undecided("the key is no UTF-8 text"));
		assertThat(filter("metadata.x == 1", null).decide(entry)).isEqualTo(Decision.MATCHED);
		assertThat(filter("metadata.x == 2 && key == 'a'", null).decide(entry)).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void timesAndDurationsCompare() {
		Instant april = Instant.parse("2026-04-01T00:00:00Z");
		assertThat(decideExpiring("asOf - expiration > duration('720h')", april)).isEqualTo(Decision.MATCHED);
		assertThat(decideExpiring("asOf - expiration > params.age", AS_OF)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideExpiring("expiration < params.since", april)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideExpiring("expiration < asOf", april)).isEqualTo(Decision.MATCHED);
	}

	@Test
	void entryThatNeverExpiresHasNoExpirationToCompare() {
		assertThat(decideExpiring("expiration == null", null)).isEqualTo(Decision.MATCHED);
		assertThat(decideExpiring("expiration == null", AS_OF)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideExpiring("expiration < asOf", null))
			.isEqualTo(undecided("a value has another type than the rule expects"));
		assertThat(decideExpiring("expiration != null && expiration < asOf", null)).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void timestampIsReadFromMetadata() {
		String rule = "timestamp(metadata.x) < asOf - params.age";
		assertThat(decideX(rule, "2026-01-01T00:00:00Z")).isEqualTo(Decision.MATCHED);
		assertThat(decideX(rule, "2026-05-31T00:00:00Z")).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX(rule, Instant.EPOCH)).isEqualTo(Decision.MATCHED);
		assertThat(decideX(rule, "yesterday"))
			.isEqualTo(undecided("a value cannot be converted to what the rule expects"));
		assertThat(decideX("metadata.x < asOf", Instant.EPOCH)).isEqualTo(Decision.MATCHED);
	}

	@Test
	void falseAndUndecidedIsFalseOnEitherSide() {
		assertThat(decide("key == 'other' && metadata.x == 1", Metadata.ABSENT)).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("metadata.x == 1 && key == 'other'", Metadata.ABSENT)).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("key == 'page/1' && metadata.x == 1", Metadata.ABSENT)).isEqualTo(undecided(MISSING));
		assertThat(decide("metadata.x == 1 && key == 'page/1'", Metadata.ABSENT)).isEqualTo(undecided(MISSING));
	}

	@Test
	void trueOrUndecidedIsTrueOnEitherSide() {
		assertThat(decide("key == 'page/1' || metadata.x == 1", Metadata.ABSENT)).isEqualTo(Decision.MATCHED);
		assertThat(decide("metadata.x == 1 || key == 'page/1'", Metadata.ABSENT)).isEqualTo(Decision.MATCHED);
		assertThat(decide("key == 'other' || metadata.x == 1", Metadata.ABSENT)).isEqualTo(undecided(MISSING));
		assertThat(decide("metadata.x == 1 || key == 'other'", Metadata.ABSENT)).isEqualTo(undecided(MISSING));
	}

	@Test
	void notOfUndecidedIsUndecided() {
		assertThat(decide("!(metadata.x == 1)", Metadata.ABSENT)).isEqualTo(undecided(MISSING));
	}

	@Test
	void keepWinsOverSelect() {
		EntryFilter filter = filter("key.startsWith('page/')", "metadata.field('pinned') == true");
		assertThat(filter.decide(entry("page/1", Metadata.of(Map.of("pinned", true))))).isEqualTo(Decision.HELD);
		assertThat(filter.decide(entry("page/1", Metadata.ABSENT))).isEqualTo(Decision.MATCHED);
		assertThat(filter.decide(entry("file/1", Metadata.of(Map.of("pinned", true))))).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void whatIsProtectedStaysWhateverTheRulesSay() {
		EntryFilter filter = new EntryFilter(rule("metadata.x == 1"), rule("metadata.x == 2"),
				List.of(Key.of("a/"), Key.of("b/")), VALUES, AS_OF);
		assertThat(filter.decide(entry("a/1", x(1L)))).isEqualTo(Decision.PROTECTED);
		assertThat(filter.decide(entry("b/1", x(1L)))).isEqualTo(Decision.PROTECTED);
		assertThat(filter.decide(entry("c/1", x(1L)))).isEqualTo(Decision.MATCHED);
		assertThat(filter.decide(entry("a/1", x(2L)))).isEqualTo(Decision.UNMATCHED);
		assertThat(filter.decide(entry("a/1", Metadata.ABSENT))).isEqualTo(undecided(MISSING));
	}

	@Test
	void undecidedKeepHoldsWithItsReason() {
		EntryFilter filter = filter("all", "metadata.x == true");
		assertThat(filter.decide(entry("page/1", Metadata.ABSENT)))
			.isEqualTo(new Decision(Verdict.HELD, "keep: " + MISSING));
	}

	@Test
	void undecidedSelectIsUndecidedWhateverKeepSays() {
		assertThat(filter("metadata.x == 1", "all").decide(entry("page/1", Metadata.ABSENT)))
			.isEqualTo(undecided(MISSING));
	}

	@Test
	void oneRuleServesSeveralThreads() {
		EntryFilter filter = filter("metadata.x in params.ids || key.matches('^page/[0-9]*7$')",
				"metadata.field('y') == 3");
		List<KeyEntry> entries = IntStream.range(0, 2000)
			.mapToObj((i) -> entry("page/" + i, Metadata.of(Map.of("x", (i % 3 == 0) ? "a" : "z", "y", i % 5))))
			.toList();
		List<Decision> alone = entries.stream().map(filter::decide).toList();
		assertThat(entries.parallelStream().map(filter::decide).toList()).isEqualTo(alone);
		assertThat(alone).contains(Decision.MATCHED, Decision.UNMATCHED);
	}

}
