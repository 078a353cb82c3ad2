package io.kvpurge.filter;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;

/** Decides one entry by one rule. */
abstract class RuleKit {

	static final Instant AS_OF = Instant.parse("2026-06-01T00:00:00Z");

	static final Map<String, ParameterType> PARAMETERS = Map.of("tag", ParameterType.STRING, "age",
			ParameterType.DURATION, "count", ParameterType.INT, "ids", ParameterType.LIST, "since",
			ParameterType.TIMESTAMP);

	static final Map<String, Object> VALUES = Map.of("tag", "product-7", "age", Duration.ofDays(30), "count", 7L, "ids",
			List.of("a", "b"), "since", Instant.parse("2026-01-01T00:00:00Z"));

	static Rule rule(String text) {
		return Rule.compile(text, PARAMETERS);
	}

	static EntryFilter filter(String select, @Nullable String keep) {
		return new EntryFilter(rule(select), (keep != null) ? rule(keep) : null, List.of(), VALUES, AS_OF);
	}

	static KeyEntry entry(String key, Metadata metadata) {
		return new KeyEntry(Key.of(key), metadata, null, null);
	}

	/** What the rule says of an entry with these metadata. */
	static Decision decide(String rule, Metadata metadata) {
		return filter(rule, null).decide(entry("page/1", metadata));
	}

	/** What the rule says of an entry with a field {@code x} of this value. */
	static Decision decideX(String rule, @Nullable Object x) {
		return decide(rule, x(x));
	}

	static Metadata x(@Nullable Object value) {
		Map<String, Object> fields = new HashMap<>();
		fields.put("x", value);
		return Metadata.of(fields);
	}

	static Decision undecided(String reason) {
		return new Decision(Verdict.UNDECIDED, reason);
	}

}
