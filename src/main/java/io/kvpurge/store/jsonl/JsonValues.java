package io.kvpurge.store.jsonl;

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

	/** The JSON text of a value. */
	public static String text(@Nullable Object value) {
		return JSON.writeValueAsString(value);
	}

}
