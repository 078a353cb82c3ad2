package io.kvpurge.store.cloudflare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Value;
import io.kvpurge.store.jsonl.JsonValues;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Looks keys up in bulk; one by one those of which the bulk answer does not tell enough:
 * it gives values as text only, and 25 MiB in all.
 */
final class BulkReading {

	/** The most keys of one call. */
	static final int LIMIT = 100;

	private final NamespaceCalls calls;

	private final String what;

	BulkReading(NamespaceCalls calls) {
		this.calls = calls;
		this.what = calls.cannot("read");
	}

	/** The entries of those keys that are there, as listings show them. */
	List<KeyEntry> find(Collection<Key> keys) {
		List<KeyEntry> found = new ArrayList<>();
		for (Found one : lookUp(keys, false)) {
			found.add(new KeyEntry(one.key(), one.metadata(), one.expiration(), null));
		}
		return found;
	}

	/** The entries of those keys that are there, as they can be written again. */
	List<KeyValue> read(Collection<Key> keys) {
		List<KeyValue> read = new ArrayList<>();
		for (Found one : lookUp(keys, true)) {
			if (one.text() != null && isExact(one.text())) {
				read.add(new KeyValue(one.key(), Value.of(one.text()), one.metadata(), one.expiration()));
			}
			else {
				readAlone(one, read);
			}
		}
		return read;
	}

	/**
	 * Whether the value is just this text. What was no UTF-8 has become replacement
	 * characters. A mark at the beginning is what decoders drop: where one is left, there
	 * may have been two, and where nothing is left, one.
	 */
	private static boolean isExact(String text) {
		return !text.startsWith("\uFEFF") && text.indexOf('\uFFFD') < 0 && UTF_8.newEncoder().canEncode(text);
	}

	private void readAlone(Found one, List<KeyValue> read) {
		Answer answer = NamespaceCalls.answer(this.what, () -> this.calls.value(one.key()));
		if (isThere(answer)) {
			read.add(new KeyValue(one.key(), Value.of(answer.body()), one.metadata(), expiration(answer)));
		}
	}

	private List<Found> lookUp(Collection<Key> keys, boolean exact) {
		List<Key> wanted = new ArrayList<>();
		new LinkedHashSet<>(keys).stream().filter(KeyNames::holds).forEach(wanted::add);
		List<Found> found = new ArrayList<>();
		for (int start = 0; start < wanted.size(); start += LIMIT) {
			lookUpPart(wanted.subList(start, Math.min(wanted.size(), start + LIMIT)), exact, found);
		}
		return found;
	}

	private void lookUpPart(List<Key> part, boolean exact, List<Found> found) {
		try {
			Answer answer = NamespaceCalls.answer(this.what, () -> this.calls.bulkGet(request(part)));
			readPart(part, NamespaceCalls.successful(this.what, answer, exact), answer, found, exact);
		}
		catch (BatchTooLargeException ex) {
			if (part.size() == 1) {
				lookUpAlone(part.get(0), exact, found);
				return;
			}
			int middle = part.size() / 2;
			lookUpPart(part.subList(0, middle), exact, found);
			lookUpPart(part.subList(middle, part.size()), exact, found);
		}
	}

	private static byte[] request(List<Key> keys) {
		return JsonValues
			.text(Map.of("keys", keys.stream().map(Key::text).toList(), "type", "text", "withMetadata", true))
			.getBytes(UTF_8);
	}

	/**
	 * What the answer says of each key, by its name: null is not there. Of a key that it
	 * does not mention, or not with metadata, nothing is known yet.
	 */
	private void readPart(List<Key> part, Envelope envelope, Answer answer, List<Found> found, boolean exact) {
		if (!(envelope.result() instanceof Map<?, ?> result) || !(result.get("values") instanceof Map<?, ?> values)) {
			throw CloudflareFailures.garbage(this.what, answer);
		}
		for (Key key : part) {
			Object value = values.get(key.text());
			if (value instanceof Map<?, ?> fields && fields.containsKey("value")) {
				if (fields.get("value") != null) {
					String text = (fields.get("value") instanceof String string) ? string : null;
					found.add(new Found(key, text, metadata(fields.get("metadata")),
							expiration(fields.get("expiration"), answer)));
				}
			}
			else if (value != null || !values.containsKey(key.text())) {
				lookUpAlone(key, exact, found);
			}
		}
	}

	private void lookUpAlone(Key key, boolean exact, List<Found> found) {
		Answer metadata = NamespaceCalls.answer(this.what, () -> this.calls.metadata(key));
		if (!isThere(metadata)) {
			return;
		}
		Object result = NamespaceCalls.successful(this.what, metadata, exact).result();
		Answer value = NamespaceCalls.answer(this.what, () -> this.calls.valueHeaders(key));
		if (isThere(value)) {
			found.add(new Found(key, null, metadata(result), expiration(value)));
		}
	}

	private boolean isThere(Answer answer) {
		if (NamespaceCalls.isKeyMissing(answer)) {
			return false;
		}
		if (!answer.isOk()) {
			throw CloudflareFailures.judge(this.what, answer).exception();
		}
		return true;
	}

	private static Metadata metadata(@Nullable Object value) {
		return (value != null) ? Metadata.of(value) : Metadata.ABSENT;
	}

	private @Nullable Instant expiration(Answer answer) {
		String header = answer.headers().expiration();
		if (header == null || header.isBlank()) {
			return null;
		}
		if (!header.strip().matches("\\d{1,12}")) {
			throw CloudflareFailures.garbage(this.what, answer);
		}
		return Instant.ofEpochSecond(Long.parseLong(header.strip()));
	}

	private @Nullable Instant expiration(@Nullable Object seconds, Answer answer) {
		try {
			return Json.expiration(seconds);
		}
		catch (IllegalArgumentException ex) {
			throw CloudflareFailures.garbage(this.what, answer);
		}
	}

	/**
	 * A key that is there.
	 *
	 * @param text its value as text, null if that is not known
	 */
	private record Found(Key key, @Nullable String text, Metadata metadata, @Nullable Instant expiration) {

	}

}
