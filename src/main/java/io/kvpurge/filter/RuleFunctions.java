package io.kvpurge.filter;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.google.protobuf.NullValue;
import org.jspecify.annotations.Nullable;

/** The functions that a purge adds to CEL. */
final class RuleFunctions {

	private RuleFunctions() {
	}

	/** The value at a dotted path, CEL's null where anything on the way is missing. */
	static Object field(Object metadata, String path) {
		@Nullable Object value = metadata;
		for (String name : path.split("\\.", -1)) {
			value = (value instanceof Map<?, ?> map) ? map.get(name) : null;
		}
		return (value != null) ? value : NullValue.NULL_VALUE;
	}

	/** Whether some value anywhere inside equals this one; 1 and 1.0 are equal. */
	static boolean holds(Object value, Object wanted) {
		if (value instanceof Map<?, ?> map) {
			return map.values().stream().anyMatch((inner) -> holds(inner, wanted));
		}
		if (value instanceof List<?> list) {
			return list.stream().anyMatch((inner) -> holds(inner, wanted));
		}
		if (value instanceof Number one && wanted instanceof Number other) {
			return equal(one, other);
		}
		return value.equals(wanted);
	}

	/** Exactly: as doubles, 2^53 and 2^53 + 1 would be the same. */
	private static boolean equal(Number one, Number other) {
		if (isEndless(one) || isEndless(other)) {
			return one.equals(other);
		}
		return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
	}

	private static boolean isEndless(Number number) {
		return number instanceof Double && !Double.isFinite(number.doubleValue());
	}

	/**
	 * Whether some text, number, boolean or time inside has this in it, ignoring case.
	 */
	static boolean contains(Object value, String wanted) {
		return containsLower(value, wanted.toLowerCase(Locale.ROOT));
	}

	private static boolean containsLower(Object value, String wanted) {
		if (value instanceof Map<?, ?> map) {
			return map.values().stream().anyMatch((inner) -> containsLower(inner, wanted));
		}
		if (value instanceof List<?> list) {
			return list.stream().anyMatch((inner) -> containsLower(inner, wanted));
		}
		boolean hasText = value instanceof String || value instanceof Number || value instanceof Boolean
				|| value instanceof Instant;
		return hasText && value.toString().toLowerCase(Locale.ROOT).contains(wanted);
	}

	/** A comma list in parts, without the space around them; empty parts are left out. */
	static List<String> tags(String text) {
		List<String> tags = new ArrayList<>();
		for (String part : text.split(",", -1)) {
			if (!part.isBlank()) {
				tags.add(part.strip());
			}
		}
		return tags;
	}

}
