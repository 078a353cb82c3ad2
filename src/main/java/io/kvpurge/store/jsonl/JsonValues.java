package io.kvpurge.store.jsonl;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns JSON text into the values that {@link io.kvpurge.store.Metadata} is made of, and
 * back.
 */
public final class JsonValues {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private JsonValues() {
	}

	/**
	 * The value of a JSON text.
	 * @throws tools.jackson.core.JacksonException if it is no JSON
	 */
	public static @Nullable Object parse(String json) {
		return widened(JSON.readValue(json, Object.class));
	}

	/**
	 * The same value, changed in place, with a long wherever an int stands. (The parser's
	 * own feature for that refuses numbers beyond a long.)
	 */
	static @Nullable Object widened(@Nullable Object value) {
		if (value instanceof Integer number) {
			return number.longValue();
		}
		if (value instanceof Map<?, ?> fields) {
			fields.entrySet().forEach(JsonValues::widenField);
		}
		else if (value instanceof List<?> list) {
			widenElements(list);
		}
		return value;
	}

	private static <T extends @Nullable Object> void widenField(Map.Entry<?, T> field) {
		@SuppressWarnings("unchecked") // the parser's maps hold any value
		Map.Entry<?, @Nullable Object> any = (Map.Entry<?, @Nullable Object>) field;
		any.setValue(widened(field.getValue()));
	}

	@SuppressWarnings("unchecked") // the parser's lists hold any value
	private static void widenElements(List<?> list) {
		((List<@Nullable Object>) list).replaceAll(JsonValues::widened);
	}

	/**
	 * A value that was parsed with exact decimals, with doubles wherever they say the
	 * same.
	 */
	static @Nullable Object simplest(@Nullable Object value) {
		if (value instanceof BigDecimal decimal) {
			double number = decimal.doubleValue();
			boolean same = Double.isFinite(number) && new BigDecimal(Double.toString(number)).compareTo(decimal) == 0;
			return same ? (Object) number : decimal;
		}
		if (value instanceof Map<?, ?> fields) {
			Map<String, @Nullable Object> simple = new LinkedHashMap<>();
			fields.forEach((name, field) -> simple.put(String.valueOf(name), simplest(field)));
			return simple;
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> simple = new ArrayList<>(list.size());
			list.forEach((element) -> simple.add(simplest(element)));
			return simple;
		}
		return value;
	}

	/** The JSON text of a value. */
	public static String text(@Nullable Object value) {
		return JSON.writeValueAsString(value);
	}

}
