package io.kvpurge.testkit.cloudflare;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a write may hold. */
final class WriteLimits {

	static final int VALUE = 25 * 1024 * 1024;

	/** Keeps every digit of a number. */
	static final JsonMapper EXACT = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private static final int METADATA = 1024;

	private static final long LEAST_LIFETIME = 60;

	private WriteLimits() {
	}

	static byte[] value(byte[] value) {
		if (value.length > VALUE) {
			throw ApiError.tooLarge("a value has more than " + VALUE + " bytes");
		}
		return value;
	}

	/** Null, as if there were none, if it is the JSON null. */
	static byte @Nullable [] metadata(String json) {
		try {
			if (EXACT.readTree(json).isNull()) {
				return null;
			}
		}
		catch (JacksonException ex) {
			throw ApiError.malformed("metadata is no JSON");
		}
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		if (bytes.length > METADATA) {
			throw ApiError.tooLarge("metadata has " + bytes.length + " bytes, more than " + METADATA);
		}
		return bytes;
	}

	/** UNIX seconds, 0 for never. */
	static long expiration(@Nullable String expiration, @Nullable String lifetime, long now) {
		try {
			long least = Math.floorDiv(now, 1000L) + LEAST_LIFETIME;
			if (lifetime != null && Long.parseLong(lifetime) >= LEAST_LIFETIME) {
				return Math.floorDiv(now, 1000L) + Long.parseLong(lifetime);
			}
			if (lifetime == null && (expiration == null || Long.parseLong(expiration) >= least)) {
				return (expiration != null) ? Long.parseLong(expiration) : 0;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw ApiError.invalid("the expiration must be at least " + LEAST_LIFETIME + " seconds from now");
	}

}
