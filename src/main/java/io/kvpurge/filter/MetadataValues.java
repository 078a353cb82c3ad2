package io.kvpurge.filter;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.NullValue;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Unreadable;

/**
 * Turns metadata into the values that CEL knows: its null is an object, and whole numbers
 * beyond a long are its {@code uint} as far as that reaches. What needs no change is not
 * copied.
 */
final class MetadataValues {

	private static final int UINT_BITS = 64;

	private MetadataValues() {
	}

	/**
	 * The value of metadata that is present.
	 * @param named the outermost fields that anybody asks for, null for all: CEL looks at
	 * every field of an object each time that one of them is named
	 * @throws UndecidableException if it, or a field of it, cannot be read
	 */
	static Object of(@Nullable Object value, @Nullable Set<String> named) {
		if (value == Unreadable.VALUE) {
			throw new UndecidableException("the metadata cannot be read");
		}
		if (value instanceof Map<?, ?> fields) {
			fields.values().forEach((field) -> {
				if (field == Unreadable.VALUE) {
					throw new UndecidableException("a metadata field cannot be read");
				}
			});
			return converted((named != null) ? only(named, fields) : fields);
		}
		return converted(value);
	}

	private static Map<?, ?> only(Set<String> named, Map<?, ?> fields) {
		Map<String, @Nullable Object> only = new HashMap<>();
		for (String name : named) {
			Object field = fields.get(name);
			if (field != null || fields.containsKey(name)) {
				only.put(name, field);
			}
		}
		return only;
	}

	private static Object converted(@Nullable Object value) {
		if (value == null) {
			return NullValue.NULL_VALUE;
		}
		if (value instanceof Map<?, ?> map) {
			return changes(map) ? copy(map) : map;
		}
		if (value instanceof List<?> list) {
			return changes(list) ? copy(list) : list;
		}
		if (value instanceof BigInteger number && number.signum() >= 0 && number.bitLength() <= UINT_BITS) {
			return UnsignedLong.valueOf(number);
		}
		return value;
	}

	private static boolean changes(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return anyChanges(map.values());
		}
		if (value instanceof List<?> list) {
			return anyChanges(list);
		}
		return value == null || value instanceof BigInteger;
	}

	private static boolean anyChanges(Collection<?> values) {
		for (Object value : values) {
			if (changes(value)) {
				return true;
			}
		}
		return false;
	}

	private static Map<Object, Object> copy(Map<?, ?> map) {
		Map<Object, Object> copy = new LinkedHashMap<>();
		map.forEach((name, value) -> copy.put(name, converted(value)));
		return copy;
	}

	private static List<Object> copy(List<?> list) {
		List<Object> copy = new ArrayList<>(list.size());
		list.forEach((value) -> copy.add(converted(value)));
		return copy;
	}

}
