package io.kvpurge.testkit.cloudflare;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/** Listing keys, and calls about one key. */
final class KeyCalls {

	private static final int LONGEST_PAGE = 1000;

	private final Cursors cursors;

	private final Journal journal;

	private final DailyQuota lists;

	private final Random random;

	private final AtomicInteger ends = new AtomicInteger();

	KeyCalls(Cursors cursors, Journal journal, DailyQuota lists, Random random) {
		this.cursors = cursors;
		this.journal = journal;
		this.lists = lists;
		this.random = random;
	}

	Answer list(Request request) {
		int limit = request.number("limit", LONGEST_PAGE, 10, LONGEST_PAGE);
		byte[] prefix = KeyNames.utf8(request.query().getOrDefault("prefix", ""));
		byte[] after = after(request);
		this.lists.take(1);
		PageWriter page = new PageWriter();
		if (request.ends(Fault.Ending.EMPTY_PAGE)) {
			return Answer.json(200, page.page(cursor(after)));
		}
		int steps = request.ends(Fault.Ending.SHORT_PAGE) ? this.random.nextInt(limit) : limit;
		byte[] position = request.namespace().walk(prefix, after, steps, request.now(), page::key);
		return Answer.json(200, page.page(cursor(position)));
	}

	private byte[] after(Request request) {
		String cursor = request.query().getOrDefault("cursor", "");
		if (cursor.isEmpty()) {
			return new byte[0];
		}
		if (request.ends(Fault.Ending.CURSOR_FORGOTTEN)) {
			this.cursors.forget(cursor);
		}
		byte[] position = this.cursors.position(cursor);
		if (position == null) {
			throw new ApiError(400, 10041, "list keys: 'invalid cursor'");
		}
		return position;
	}

	/** The end of a listing looks one way or another. */
	private String cursor(byte @Nullable [] position) {
		if (position != null) {
			return ",\"cursor\":\"" + this.cursors.at(position) + "\"";
		}
		return switch (this.ends.getAndIncrement() % 3) {
			case 0 -> ",\"cursor\":\"\"";
			case 1 -> ",\"cursor\":null";
			default -> "";
		};
	}

	Answer get(Request request) {
		Version seen = seen(request);
		Map<String, String> headers = new HashMap<>();
		headers.put("Content-Type", "application/octet-stream");
		if (seen.expiration != 0) {
			headers.put("expiration", Long.toString(seen.expiration));
		}
		return new Answer(200, headers, (seen.value != null) ? seen.value : new byte[0], Answer.Shape.WHOLE);
	}

	Answer metadata(Request request) {
		Version seen = seen(request);
		return Answer.success((seen.metadata != null) ? WriteLimits.EXACT.readTree(seen.metadata) : null);
	}

	private static Version seen(Request request) {
		Version seen = request.namespace().seen(request.keyBytes(), request.now());
		if (seen == null) {
			throw new ApiError(404, 10009, "get: 'key not found'");
		}
		return seen;
	}

	Answer put(Request request) {
		byte[] value = request.body();
		byte[] metadata = null;
		if (request.contentType().startsWith("multipart/form-data")) {
			Map<String, byte[]> parts = Multipart.parts(request.contentType(), request.body());
			if (!parts.containsKey("value")) {
				throw ApiError.malformed("the form has no part 'value'");
			}
			value = parts.get("value");
			metadata = parts.containsKey("metadata") ? WriteLimits.metadata(KeyNames.text(parts.get("metadata")))
					: null;
		}
		long expiration = WriteLimits.expiration(request.query().get("expiration"),
				request.query().get("expiration_ttl"), request.now());
		write(request, WriteLimits.value(value), metadata, expiration);
		return Answer.success(null);
	}

	private void write(Request request, byte[] value, byte @Nullable [] metadata, long expiration) {
		byte[] name = request.keyBytes();
		if (request.share() >= 0.5) {
			request.namespace()
				.write(name, value, metadata, expiration, request.now(), () -> this.journal
					.written(request.namespace().id(), KeyNames.text(name), request.now(), request.number(), metadata));
		}
	}

}
