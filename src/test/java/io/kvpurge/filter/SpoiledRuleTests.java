package io.kvpurge.filter;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;
import io.kvpurge.testkit.Spoiled;
import io.kvpurge.testkit.Trials;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules with changes at random places: each is refused, or decides every entry. */
class SpoiledRuleTests extends RuleKit {

	private static final List<String> GOOD = List.of("metadata['cache-tag'] == params.tag && key.startsWith('page/')",
			"metadata.a.b.c == 1 || metadata.field('a.b') == null", "has(metadata.x) && metadata.x.exists(e, e == 'a')",
			"timestamp(metadata.seen) < asOf - params.age",
			"expiration != null && asOf - expiration > duration('720h')",
			"key.matches('^[a-z]+/[0-9]{1,3}$') ? metadata.holds(7) : metadata.contains('x')",
			"params.tag in tags(metadata.t) && !(size(metadata) > 3u)",
			"metadata.x in params.ids || key in ['a', 'b']");

	private static final List<KeyEntry> ENTRIES = List.of(entry("page/1", Metadata.ABSENT),
			KeyEntry.of(Key.of(new byte[] { (byte) 0xff, 0 })), entry("", Metadata.of(null)),
			entry("page/größe", x(List.of("a", 1L, 2.5))), entry("a", x(nested(900))));

	private static Object nested(int depth) {
		return (depth > 0) ? List.of(nested(depth - 1)) : 7L;
	}

	@Test
	void isRefusedOrDecidesEveryEntry() {
		Trials.of(400, (random) -> {
			String text = Spoiled.text(random, any(random), any(random));
			Rule rule;
			try {
				rule = rule(text);
			}
			catch (RuleException ex) {
				assertThat(ex.getMessage()).isNotBlank();
				return;
			}
			EntryFilter filter = new EntryFilter(rule, null, List.of(), VALUES, AS_OF);
			ENTRIES.forEach((entry) -> assertThat(filter.decide(entry).verdict()).isNotEqualTo(Verdict.HELD));
			assertThat(rule.parsed()).isNotBlank();
		});
	}

	private static String any(Random random) {
		return GOOD.get(random.nextInt(GOOD.size()));
	}

}
