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
		.enable(DeserializationFeature.USE_LONG_FOR_INTS)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private JsonValues() {
	}

	/**
	 * The value of a JSON text.
	 * @throws tools.jackson.core.JacksonException if it is no JSON
	 */
	public static @Nullable Object parse(String json) {
		return JSON.readValue(json, Object.class);
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
