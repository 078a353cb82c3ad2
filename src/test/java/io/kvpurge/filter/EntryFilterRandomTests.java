package io.kvpurge.filter;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import dev.cel.runtime.CelEvaluationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Unreadable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** Random rules on random entries, from fixed seeds. */
class EntryFilterRandomTests extends RuleKit {

	private static final List<String> CONDITIONS = List.of("metadata.x == 1", "metadata.x > 1.5", "metadata.x.y == 'a'",
			"has(metadata.x)", "has(metadata.x.y)", "metadata['a-b'] != null", "metadata.field('x.y') == 'a'",
			"metadata.holds(7)", "metadata.contains('A')", "'a' in tags(metadata.x)", "metadata.x.contains('a')",
			"metadata.x in params.ids", "key in metadata.x", "timestamp(metadata.x) < asOf",
			"expiration < params.since", "asOf - expiration > params.age", "int(metadata.x) / params.count == 1",
			"key.matches('[0-9]')", "key.matches(metadata.x)", "metadata.x.exists(e, e == 'a')", "metadata.x",
			"metadata[key] == 1", "size(metadata) > 1", "metadata.x[0] == metadata.x[1]", "string(metadata.x) == '1'");

	private static final String SECRET = "s3cret";

	@Test
	void nothingIsThrownAndNothingUndecidedGoes() {
		Set<String> reasons = new TreeSet<>();
		Set<Verdict> verdicts = new TreeSet<>();
		for (int seed = 0; seed < 150; seed++) {
			Random random = new Random(seed);
			Rule select = rule(condition(random, 2));
			Rule keep = random.nextBoolean() ? rule(condition(random, 1)) : null;
			EntryFilter filter = new EntryFilter(select, keep, List.of(), VALUES, AS_OF);
			for (int i = 0; i < 100; i++) {
				KeyEntry entry = entry(random);
				Decision decision = filter.decide(entry);
				verdicts.add(decision.verdict());
				if (decision.reason() != null) {
					reasons.add(decision.reason());
				}
				if (!allowed(select, entry).contains(decision.verdict())) {
					fail("seed %s: %s on %s gives %s", seed, select.text(), entry, decision);
				}
			}
		}
		assertThat(verdicts).containsExactlyInAnyOrder(Verdict.values());
		assertThat(reasons).hasSizeLessThan(60).noneMatch((reason) -> reason.contains(SECRET));
	}

	/** What may be said of the entry, from what the rule itself says of it. */
	private static List<Verdict> allowed(Rule select, KeyEntry entry) {
		Map<String, Object> fixed = new HashMap<>(Map.of("asOf", AS_OF));
		VALUES.forEach((name, value) -> fixed.put("params." + name, value));
		try {
			return select.holds(new EntryVariables(entry, fixed, null)) ? List.of(Verdict.MATCHED, Verdict.HELD)
					: List.of(Verdict.UNMATCHED);
		}
		catch (CelEvaluationException | RuntimeException ex) {
			return List.of(Verdict.UNDECIDED);
		}
	}

	private static String condition(Random random, int depth) {
		if (depth == 0 || random.nextInt(4) == 0) {
			return CONDITIONS.get(random.nextInt(CONDITIONS.size()));
		}
		String left = condition(random, depth - 1);
		String right = condition(random, depth - 1);
		return switch (random.nextInt(4)) {
			case 0 -> "(" + left + ") && (" + right + ")";
			case 1 -> "(" + left + ") || (" + right + ")";
			case 2 -> "!(" + left + ")";
			default -> "(" + left + ") ? (" + right + ") : (" + left + ")";
		};
	}

	private static KeyEntry entry(Random random) {
		byte[] bytes = new byte[1 + random.nextInt(3)];
		random.nextBytes(bytes);
		Key key = random.nextBoolean() ? Key.of(bytes) : Key.of(SECRET + "/" + random.nextInt(9));
		Metadata metadata = switch (random.nextInt(5)) {
			case 0 -> Metadata.ABSENT;
			case 1 -> Metadata.of(value(random, 2));
			default -> Metadata.of(fields(random, 2));
		};
		return new KeyEntry(key, metadata, random.nextBoolean() ? null : Instant.ofEpochSecond(random.nextInt()), null);
	}

	private static @Nullable Object value(Random random, int depth) {
		return switch (random.nextInt((depth > 0) ? 12 : 10)) {
			case 0 -> null;
			case 1 -> 1L;
			case 2 -> random.nextDouble() * 10;
			case 3 -> BigInteger.TEN.pow(15 + random.nextInt(20));
			case 4 -> random.nextBoolean();
			case 5 -> "a";
			case 6 -> SECRET + random.nextInt(5);
			case 7 -> "2026-01-01T00:00:00Z";
			case 8 -> Instant.ofEpochSecond(random.nextInt());
			case 9 -> (random.nextInt(4) == 0) ? Unreadable.VALUE : 7L;
			case 10 -> list(random, depth - 1);
			default -> fields(random, depth - 1);
		};
	}

	private static List<@Nullable Object> list(Random random, int depth) {
		List<@Nullable Object> list = new ArrayList<>();
		for (int i = random.nextInt(4); i > 0; i--) {
			list.add(value(random, depth));
		}
		return list;
	}

	private static Map<String, @Nullable Object> fields(Random random, int depth) {
		Map<String, @Nullable Object> fields = new HashMap<>();
		for (String name : List.of("x", "y", "a-b", SECRET)) {
			if (random.nextBoolean()) {
				fields.put(name, value(random, depth));
			}
		}
		return fields;
	}

}
