package io.kvpurge.testkit.cloudflare;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Where a request goes. */
record Route(Call call, @Nullable String account, @Nullable String namespace, @Nullable String key) {

	private static final String BASE = "/client/v4/";

	/**
	 * Finds it.
	 * @param path as it was sent, percent-encoded
	 */
	static Route of(String method, String path) {
		if (!path.startsWith(BASE)) {
			throw none(path);
		}
		List<String> parts = List.of(path.substring(BASE.length()).split("/", -1));
		if (parts.equals(List.of("user", "tokens", "verify"))) {
			return new Route(only(method, "GET", Call.VERIFY), null, null, null);
		}
		if (parts.size() < 5 || !parts.get(0).equals("accounts")
				|| !parts.subList(2, 5).equals(List.of("storage", "kv", "namespaces"))) {
			throw none(path);
		}
		String account = decoded(parts.get(1), false);
		if (parts.size() == 5) {
			return new Route(only(method, "GET", Call.NAMESPACES), account, null, null);
		}
		String namespace = decoded(parts.get(5), false);
		List<String> rest = parts.subList(6, parts.size());
		String key = (rest.size() == 2) ? decoded(rest.get(1), false) : null;
		return new Route(call(method, rest, path), account, namespace, key);
	}

	private static Call call(String method, List<String> rest, String path) {
		String first = rest.isEmpty() ? "" : rest.get(0);
		switch (first + "/" + rest.size()) {
			case "/0":
				return only(method, "GET", Call.NAMESPACE);
			case "keys/1":
				return only(method, "GET", Call.LIST);
			case "bulk/1":
				return only(method, "PUT", Call.BULK_PUT);
			case "bulk/2":
				return bulk(method, rest.get(1), path);
			case "metadata/2":
				return only(method, "GET", Call.GET_METADATA);
			case "values/2":
				return value(method);
			default:
				throw none(path);
		}
	}

	private static Call bulk(String method, String what, String path) {
		return switch (what) {
			case "delete" -> only(method, "POST", Call.BULK_DELETE);
			case "get" -> only(method, "POST", Call.BULK_GET);
			default -> throw none(path);
		};
	}

	private static Call value(String method) {
		return switch (method) {
			case "GET" -> Call.GET_VALUE;
			case "PUT" -> Call.PUT_VALUE;
			case "DELETE" -> Call.DELETE_VALUE;
			default -> throw new ApiError(405, 10405, "Method not allowed for this endpoint");
		};
	}

	private static Call only(String method, String allowed, Call call) {
		if (!method.equals(allowed)) {
			throw new ApiError(405, 10405, "Method not allowed for this endpoint");
		}
		return call;
	}

	private static ApiError none(String path) {
		return new ApiError(404, 7000, "No route for that URI: " + path);
	}

	/** The fields of a query, where a plus sign is a space. */
	static Map<String, String> query(@Nullable String query) {
		Map<String, String> fields = new HashMap<>();
		if (query != null && !query.isEmpty()) {
			for (String field : query.split("&", -1)) {
				int equal = field.indexOf('=');
				String name = (equal < 0) ? field : field.substring(0, equal);
				fields.put(decoded(name, true), (equal < 0) ? "" : decoded(field.substring(equal + 1), true));
			}
		}
		return fields;
	}

	/** Strictly, as UTF-8. */
	private static String decoded(String text, boolean plusIsSpace) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
		try {
			for (int i = 0; i < text.length(); i++) {
				char at = text.charAt(i);
				if (at == '%') {
					bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
					i += 2;
				}
				else if (at == '+' && plusIsSpace) {
					bytes.write(' ');
				}
				else {
					bytes.writeBytes(String.valueOf(at).getBytes(StandardCharsets.UTF_8));
				}
			}
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
		}
		catch (CharacterCodingException | NumberFormatException | IndexOutOfBoundsException ex) {
			throw ApiError.invalid("the URL is not percent-encoded UTF-8: " + text);
		}
	}

}
