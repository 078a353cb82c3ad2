package io.kvpurge.testkit.cloudflare;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Calls about many keys. */
final class BulkCalls {

	private static final int MOST_KEYS = 10_000;

	private static final int MOST_KEYS_READ = 100;

	private static final int MOST_BYTES_READ = 25 * 1024 * 1024;

	private static final int MOST_BYTES_WRITTEN = 100 * 1000 * 1000;

	private final Journal journal;

	private final DailyQuota deletes;

	private final Random random;

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

	private volatile int refusalStatus = 200;

	BulkCalls(Journal journal, DailyQuota deletes, Random random) {
		this.journal = journal;
		this.deletes = deletes;
		this.random = random;
	}

	/** Keys that are not deleted, however often it is asked for. */
	Set<String> refused() {
		return this.refused;
	}

	/** The status of a bulk delete that met such a key; from 300 on it is a failure. */
	void refusalStatus(int status) {
		this.refusalStatus = status;
	}

	Answer delete(Request request) {
		Map<String, byte[]> names = names(request);
		this.deletes.take(names.size());
		Set<String> undone = undone(request, names.keySet());
		List<String> unsuccessful = new ArrayList<>();
		names.forEach((name, bytes) -> {
			if (undone.contains(name) || this.refused.contains(name)) {
				unsuccessful.add(name);
			}
			else {
				delete(request, name, bytes);
			}
		});
		boolean refusal = this.refusalStatus >= 300 && names.keySet().stream().anyMatch(this.refused::contains);
		return result(request, names.size(), unsuccessful, refusal ? this.refusalStatus : 200);
	}

	/** A single key. */
	Answer deleteOne(Request request) {
		byte[] name = request.keyBytes();
		this.deletes.take(1);
		if (this.refused.contains(request.route().key())) {
			throw new ApiError(500, 10001, "service temporarily unavailable");
		}
		if (request.share() >= 0.5) {
			delete(request, KeyNames.text(name), name);
		}
		return Answer.success(null);
	}

	private void delete(Request request, String name, byte[] bytes) {
		Namespace namespace = request.namespace();
		namespace.delete(bytes, request.now(),
				(before) -> this.journal.deleted(namespace.id(), name, request.now(), request.number(), before));
	}

	private static Map<String, byte[]> names(Request request) {
		JsonNode array = json(request);
		if (!array.isArray() || array.isEmpty() || array.size() > MOST_KEYS) {
			throw ApiError.malformed("expected an array of 1 to " + MOST_KEYS + " key names");
		}
		Map<String, byte[]> names = new LinkedHashMap<>();
		for (JsonNode name : array) {
			if (!name.isString()) {
				throw ApiError.malformed("a key name is no string");
			}
			names.put(name.stringValue(), KeyNames.bytes(name.stringValue()));
		}
		return names;
	}

	/** Those that the request does not come to. */
	private Set<String> undone(Request request, Set<String> names) {
		if (request.share() >= 1) {
			return Set.of();
		}
		List<String> shuffled = new ArrayList<>(names);
		Collections.shuffle(shuffled, this.random);
		return new HashSet<>(shuffled.subList((int) (request.share() * names.size()), names.size()));
	}

	private static Answer result(Request request, int all, List<String> unsuccessful, int otherwise) {
		Map<String, Object> result = new LinkedHashMap<>();
		result.put("successful_key_count", all - unsuccessful.size());
		result.put("unsuccessful_keys", unsuccessful);
		Fault fault = request.fault();
		int status = (fault != null && request.ends(Fault.Ending.UNSUCCESSFUL)) ? fault.status() : otherwise;
		return (status < 300) ? Answer.success(result)
				: Answer.failure(status, 10001, "some keys were not done", result);
	}

	Answer put(Request request) {
		if (request.body().length > MOST_BYTES_WRITTEN) {
			throw ApiError.tooLarge("the request has more than " + MOST_BYTES_WRITTEN + " bytes");
		}
		JsonNode array = json(request);
		if (!array.isArray() || array.isEmpty() || array.size() > MOST_KEYS) {
			throw ApiError.malformed("expected an array of 1 to " + MOST_KEYS + " keys with values");
		}
		Map<String, Write> writes = new LinkedHashMap<>();
		array.forEach((item) -> writes.put(text(item, "key"), write(item, request.now())));
		Set<String> undone = undone(request, writes.keySet());
		writes.forEach((name, write) -> {
			if (!undone.contains(name)) {
				request.namespace()
					.write(write.key, write.value, write.metadata, write.expiration, request.now(), () -> this.journal
						.written(request.namespace().id(), name, request.now(), request.number(), write.metadata));
			}
		});
		return result(request, writes.size(), List.copyOf(undone), 200);
	}

	private static Write write(JsonNode item, long now) {
		byte[] value = text(item, "value").getBytes(StandardCharsets.UTF_8);
		if (item.path("base64").asBoolean(false)) {
			try {
				value = Base64.getDecoder().decode(value);
			}
			catch (IllegalArgumentException ex) {
				throw ApiError.malformed("a value is not base64");
			}
		}
		String expiration = item.has("expiration") ? item.get("expiration").asString() : null;
		String lifetime = item.has("expiration_ttl") ? item.get("expiration_ttl").asString() : null;
		JsonNode metadata = item.path("metadata");
		return new Write(KeyNames.bytes(text(item, "key")), WriteLimits.value(value),
				(metadata.isMissingNode() || metadata.isNull()) ? null
						: WriteLimits.metadata(Answer.JSON.writeValueAsString(metadata)),
				WriteLimits.expiration(expiration, lifetime, now));
	}

	private static String text(JsonNode item, String field) {
		JsonNode value = item.path(field);
		if (!value.isString()) {
			throw ApiError.malformed("a " + field + " is missing or no string");
		}
		return value.stringValue();
	}

	Answer get(Request request) {
		JsonNode body = json(request);
		JsonNode keys = body.path("keys");
		if (!keys.isArray() || keys.isEmpty() || keys.size() > MOST_KEYS_READ) {
			throw ApiError.malformed("expected 1 to " + MOST_KEYS_READ + " keys");
		}
		String type = body.path("type").asString("text");
		if (!type.equals("text") && !type.equals("json")) {
			throw ApiError.malformed("type must be text or json");
		}
		boolean withMetadata = body.path("withMetadata").asBoolean(false);
		Set<String> names = new LinkedHashSet<>();
		keys.forEach((key) -> names.add(key.isString() ? key.stringValue() : ""));
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		long bytes = 0;
		for (String name : names) {
			Version seen = request.namespace().seen(KeyNames.bytes(name), request.now());
			bytes += (seen != null && seen.value != null) ? seen.value.length : 0;
			if (bytes > MOST_BYTES_READ) {
				throw ApiError.tooLarge("the values have more than " + MOST_BYTES_READ + " bytes");
			}
			values.put(name, (seen != null) ? read(seen, type, withMetadata) : null);
		}
		return Answer.success(Map.of("values", values));
	}

	/** Bytes that are no UTF-8 are lost, as the service hands out text only. */
	private static @Nullable Object read(Version seen, String type, boolean withMetadata) {
		String text = (seen.value != null) ? KeyNames.text(seen.value) : "";
		Object value = type.equals("json") ? tree(text, "a value is no JSON") : text;
		if (!withMetadata) {
			return value;
		}
		Map<String, @Nullable Object> read = new LinkedHashMap<>();
		read.put("value", value);
		read.put("metadata",
				(seen.metadata != null) ? tree(KeyNames.text(seen.metadata), "metadata is no JSON") : null);
		if (seen.expiration != 0) {
			read.put("expiration", seen.expiration);
		}
		return read;
	}

	private static JsonNode json(Request request) {
		return tree(new String(request.body(), StandardCharsets.UTF_8), "the request is no JSON");
	}

	private static JsonNode tree(String text, String otherwise) {
		try {
			return WriteLimits.EXACT.readTree(text);
		}
		catch (JacksonException ex) {
			throw ApiError.malformed(otherwise);
		}
	}

	private record Write(byte[] key, byte[] value, byte @Nullable [] metadata, long expiration) {
	}

}
