package io.kvpurge.job;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.KeyEntry;

/**
 * A random rule, and what it says of an entry by another way than that of the engine.
 *
 * @param text the rule in CEL
 * @param holds null where it cannot be decided
 */
record RandomRule(String text, Function<KeyEntry, @Nullable Boolean> holds) {

	private static final List<RandomRule> CONDITIONS = List.of(
			new RandomRule("metadata.x == 1",
					(entry) -> isMissing(entry, "x") ? null : isNumber(fields(entry).get("x"), 1)),
			new RandomRule("metadata.y != 'a'",
					(entry) -> isMissing(entry, "y") ? null : !"a".equals(fields(entry).get("y"))),
			new RandomRule("has(metadata.x)",
					(entry) -> (fields(entry) != null) ? (Boolean) fields(entry).containsKey("x") : null),
			new RandomRule("metadata.field('x') == 2",
					(entry) -> !isMissing(entry, "x") && isNumber(fields(entry).get("x"), 2)),
			new RandomRule("metadata.field('y') == null",
					(entry) -> isMissing(entry, "y") || fields(entry).get("y") == null),
			new RandomRule("key.startsWith('a/x')",
					(entry) -> entry.key().isText() ? (Boolean) entry.key().text().startsWith("a/x") : null),
			new RandomRule("expiration == null", (entry) -> entry.expiration() == null));

	static RandomRule of(Random random, int depth) {
		if (depth == 0 || random.nextInt(4) == 0) {
			return CONDITIONS.get(random.nextInt(CONDITIONS.size()));
		}
		RandomRule one = of(random, depth - 1);
		RandomRule other = of(random, depth - 1);
		return switch (random.nextInt(3)) {
			case 0 -> new RandomRule("(" + one.text + ") && (" + other.text + ")",
					(entry) -> and(one.holds.apply(entry), other.holds.apply(entry)));
			case 1 -> new RandomRule("(" + one.text + ") || (" + other.text + ")",
					(entry) -> not(and(not(one.holds.apply(entry)), not(other.holds.apply(entry)))));
			default -> new RandomRule("!(" + one.text + ")", (entry) -> not(one.holds.apply(entry)));
		};
	}

	private static @Nullable Boolean and(@Nullable Boolean one, @Nullable Boolean other) {
		if (Boolean.FALSE.equals(one) || Boolean.FALSE.equals(other)) {
			return false;
		}
		return (one != null && other != null) ? true : null;
	}

	private static @Nullable Boolean not(@Nullable Boolean value) {
		return (value != null) ? (Boolean) !value : null;
	}

	/**
	 * The fields of the metadata, null where they are no object; absent ones have none.
	 */
	private static @Nullable Map<?, ?> fields(KeyEntry entry) {
		return !entry.metadata().isPresent() ? Map.of()
				: (entry.metadata().value() instanceof Map<?, ?> fields) ? fields : null;
	}

	private static boolean isMissing(KeyEntry entry, String name) {
		Map<?, ?> fields = fields(entry);
		return fields == null || !fields.containsKey(name);
	}

	private static boolean isNumber(@Nullable Object value, int wanted) {
		return value instanceof Number number && number.doubleValue() == wanted;
	}

}
