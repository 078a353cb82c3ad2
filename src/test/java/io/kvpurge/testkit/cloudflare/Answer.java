package io.kvpurge.testkit.cloudflare;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes back over the line.
 *
 * @param shape whether it arrives as a whole
 */
record Answer(int status, Map<String, String> headers, byte[] body, Shape shape) {

	static final JsonMapper JSON = JsonMapper.shared();

	enum Shape {

		WHOLE, CUT, NOTHING

	}

	static Answer json(int status, byte[] body) {
		return new Answer(status, Map.of("Content-Type", "application/json"), body, Shape.WHOLE);
	}

	static Answer success(@Nullable Object result) {
		return json(200, envelope(result, true, List.of(), null));
	}

	static Answer success(@Nullable Object result, Map<String, ?> resultInfo) {
		return json(200, envelope(result, true, List.of(), resultInfo));
	}

	static Answer error(int status, int code, String message) {
		return failure(status, code, message, null);
	}

	static Answer failure(int status, int code, String message, @Nullable Object result) {
		return json(status, envelope(result, false, List.of(Map.of("code", code, "message", message)), null));
	}

	static Answer html(int status) {
		String page = "<!DOCTYPE html>\n<html><head><title>" + status
				+ "</title></head><body><h1>cloudflare</h1></body></html>\n";
		return new Answer(status, Map.of("Content-Type", "text/html; charset=UTF-8"),
				page.getBytes(StandardCharsets.UTF_8), Shape.WHOLE);
	}

	Answer with(String header, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(header, value);
		return new Answer(this.status, more, this.body, this.shape);
	}

	/** The envelope with errors that repeat a header in three ways. */
	Answer echoing(int code, String header) {
		Map<String, @Nullable Object> envelope = JSON.readValue(this.body, new TypeReference<>() {
		});
		byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
		envelope.put("errors", Stream
			.of(header, URLEncoder.encode(header, StandardCharsets.UTF_8), Base64.getEncoder().encodeToString(bytes))
			.map((text) -> Map.of("code", code, "message", "not for you: Authorization: " + text))
			.toList());
		return new Answer(this.status, this.headers, JSON.writeValueAsBytes(envelope), this.shape);
	}

	Answer shaped(Shape other) {
		return new Answer(this.status, this.headers, this.body, other);
	}

	private static byte[] envelope(@Nullable Object result, boolean success, List<?> errors,
			@Nullable Map<String, ?> resultInfo) {
		Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
		envelope.put("result", result);
		envelope.put("success", success);
		envelope.put("errors", errors);
		envelope.put("messages", List.of());
		if (resultInfo != null) {
			envelope.put("result_info", resultInfo);
		}
		return JSON.writeValueAsBytes(envelope);
	}

}
