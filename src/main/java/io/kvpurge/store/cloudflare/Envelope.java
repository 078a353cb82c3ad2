package io.kvpurge.store.cloudflare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What the service puts around every answer, whatever its HTTP status.
 *
 * @param success whether the service says that it did what was asked
 * @param errors what it names as errors
 * @param result the result: what JSON values are made of
 * @param total how many results there are on all pages, -1 if it does not say
 */
record Envelope(boolean success, List<ApiError> errors, @Nullable Object result, long total) {

	/** The envelope of an answer, null if the body is none. */
	static @Nullable Envelope parse(byte[] body) {
		return parse(body, false);
	}

	/**
	 * As {@link #parse(byte[])}.
	 * @param exact whether decimals are kept that no double can hold
	 */
	static @Nullable Envelope parse(byte[] body, boolean exact) {
		try (JsonParser parser = Json.parser(body)) {
			if (parser.nextToken() != JsonToken.START_OBJECT || !(Json.value(parser, exact) instanceof Map<?, ?> fields)
					|| parser.nextToken() != null) {
				return null;
			}
			return new Envelope(Boolean.TRUE.equals(fields.get("success")), errors(fields.get("errors")),
					fields.get("result"), total(fields.get("result_info")));
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static List<ApiError> errors(@Nullable Object list) {
		List<ApiError> errors = new ArrayList<>();
		for (Object item : (list instanceof List<?> items) ? items : List.of()) {
			if (item instanceof Map<?, ?> error) {
				long code = (error.get("code") instanceof Number number) ? number.longValue() : 0;
				errors.add(new ApiError(code, (error.get("message") instanceof String text) ? text : ""));
			}
		}
		return errors;
	}

	private static long total(@Nullable Object info) {
		return (info instanceof Map<?, ?> fields && fields.get("total_count") instanceof Long total) ? total : -1;
	}

}
