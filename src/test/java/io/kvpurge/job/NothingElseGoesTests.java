package io.kvpurge.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.Trials;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole runs by random rules over random entries: what is gone afterwards is what
 * {@link RandomRule} says, who knows nothing of the engine.
 */
class NothingElseGoesTests {

	private static final int ENTRIES = 400;

	private static final List<String> PREFIXES = List.of("a/", "b/", "größe/");

	@TempDir
	Path folder;

	@Test
	void whatIsGoneIsWhatTheRuleNamesAndNothingElse() {
		Set<String> homes = new HashSet<>();
		Trials.of(6, (random) -> {
			PurgeTester tester = new PurgeTester(this.folder.resolve("home" + homes.size()));
			homes.add("home" + homes.size());
			List<Key> protect = random.nextBoolean() ? List.of(Key.of("a/x" + (char) ('0' + random.nextInt(10))))
					: List.of();
			tester.settings(Settings.DEFAULT.withProtected(protect));
			MemoryStore store = new MemoryStore("random", Clock.systemUTC(), capabilities(random));
			store.write(Stream.generate(() -> entry(random)).limit(ENTRIES).toList());
			List<KeyEntry> before = store.find(store.snapshot().keySet());

			RandomRule where = RandomRule.of(random, 3);
			RandomRule keep = random.nextBoolean() ? RandomRule.of(random, 2) : null;
			List<String> prefixes = (random.nextInt(3) == 0) ? List.of("")
					: PREFIXES.subList(random.nextInt(2), 2 + random.nextInt(2));
			RunReport report = tester.run(store, definition(random, prefixes, where, keep));

			Set<Key> staying = new HashSet<>();
			EntryCounts expected = new EntryCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);
			for (KeyEntry entry : before) {
				EntryCounts counted = judged(entry, prefixes, protect, where, keep);
				expected = expected.plus(counted);
				if (counted.deleted() == 0) {
					staying.add(entry.key());
				}
			}
			assertThat(store.snapshot().keySet()).as("%s, kept %s", where, keep).isEqualTo(staying);
			assertThat(report.counts()).as("%s, kept %s", where, keep).isEqualTo(expected);
		});
	}

	/** How the entry counts. */
	private static EntryCounts judged(KeyEntry entry, List<String> prefixes, List<Key> protect, RandomRule where,
			@Nullable RandomRule keep) {
		if (prefixes.stream().noneMatch((prefix) -> entry.key().startsWith(Key.of(prefix)))) {
			return new EntryCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);
		}
		Boolean selected = where.holds().apply(entry);
		if (selected == null) {
			return new EntryCounts(1, 0, 0, 1, 0, 0, 0, 0, 0);
		}
		if (!selected) {
			return new EntryCounts(1, 1, 0, 0, 0, 0, 0, 0, 0);
		}
		boolean isKept = protect.stream().anyMatch(entry.key()::startsWith)
				|| (keep != null && !Boolean.FALSE.equals(keep.holds().apply(entry)));
		return isKept ? new EntryCounts(1, 0, 1, 0, 0, 0, 0, 0, 0) : new EntryCounts(1, 0, 0, 0, 1, 1, 0, 0, 0);
	}

	private static String definition(Random random, List<String> prefixes, RandomRule where,
			@Nullable RandomRule keep) {
		return """
				version: 1
				name: %s
				store: {type: memory, name: unused}
				select:
				  prefixes: [%s]
				  where: "%s"
				%spartitions: %d
				%slimits: {max-fraction: %s}
				""".formatted(PurgeTester.NAME,
				String.join(", ", prefixes.stream().map((prefix) -> '"' + prefix + '"').toList()), where.text(),
				(keep != null) ? "keep: \"" + keep.text() + "\"\n" : "", 1 + random.nextInt(4),
				random.nextBoolean() ? "recheck: true\n" : "", random.nextBoolean() ? "1" : "0.999999");
	}

	private static StoreCapabilities capabilities(Random random) {
		Set<StoreCapability> abilities = new HashSet<>(Arrays.asList(StoreCapability.values()));
		if (random.nextBoolean()) {
			abilities.remove(StoreCapability.CONDITIONAL_DELETE);
		}
		return StoreCapabilities.of(20 + random.nextInt(60), 20 + random.nextInt(60),
				abilities.toArray(StoreCapability[]::new));
	}

	private static KeyValue entry(Random random) {
		byte[] bytes = new byte[1 + random.nextInt(3)];
		random.nextBytes(bytes);
		String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
		Key key = switch (random.nextInt(4)) {
			case 0 -> Key.of(bytes);
			case 1 -> Key.of(joined(prefix, bytes));
			default -> Key.of(prefix + "x" + random.nextInt(100));
		};
		return new KeyValue(key, null, metadata(random),
				random.nextBoolean() ? null : Instant.parse("2999-01-01T00:00:00Z"));
	}

	private static byte[] joined(String prefix, byte[] bytes) {
		byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
		byte[] joined = Arrays.copyOf(start, start.length + bytes.length);
		System.arraycopy(bytes, 0, joined, start.length, bytes.length);
		return joined;
	}

	private static Metadata metadata(Random random) {
		return switch (random.nextInt(10)) {
			case 0 -> Metadata.ABSENT;
			case 1 -> Metadata.of(null);
			case 2 -> Metadata.of(List.of("x", 1L));
			case 3 -> Metadata.of(Map.of("x", nested(600), "y", "b"));
			default -> Metadata.of(fields(random));
		};
	}

	private static Object nested(int depth) {
		return (depth > 0) ? List.of(nested(depth - 1)) : 1L;
	}

	private static Map<String, @Nullable Object> fields(Random random) {
		Map<String, @Nullable Object> fields = new HashMap<>();
		for (String name : List.of("x", "y")) {
			if (random.nextInt(3) > 0) {
				fields.put(name, switch (random.nextInt(6)) {
					case 0 -> null;
					case 1 -> 1.0;
					case 2 -> 2L;
					case 3 -> "a";
					case 4 -> "1";
					default -> 1L;
				});
			}
		}
		return fields;
	}

}
