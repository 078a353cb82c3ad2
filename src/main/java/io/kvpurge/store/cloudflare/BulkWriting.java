package io.kvpurge.store.cloudflare;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.Value;
import io.kvpurge.store.jsonl.JsonValues;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes entries in bulk; a value that is too large for that, alone. */
final class BulkWriting {

	/** The most entries of one call. */
	static final int LIMIT = 10_000;

	/** A call may have 100 MB. */
	private static final int MOST_BYTES = 90_000_000;

	private static final int LONGEST_METADATA = 1024;

	private static final int ATTEMPTS = 3;

	private final NamespaceCalls calls;

	private final String what;

	BulkWriting(NamespaceCalls calls) {
		this.calls = calls;
		this.what = calls.cannot("write to");
	}

	/** Writes the entries, after a look at all of them. */
	void write(List<KeyValue> entries) {
		Map<Key, KeyValue> distinct = new LinkedHashMap<>();
		for (KeyValue entry : entries) {
			requirePlace(entry);
			distinct.remove(entry.key());
			distinct.put(entry.key(), entry);
		}
		List<Item> part = new ArrayList<>();
		long bytes = 0;
		for (KeyValue entry : distinct.values()) {
			Item item = new Item(entry);
			if (part.size() == LIMIT || (!part.isEmpty() && bytes + item.json().length > MOST_BYTES)) {
				send(part);
				part.clear();
				bytes = 0;
			}
			part.add(item);
			bytes += item.json().length + 1;
		}
		send(part);
	}

	private static void requirePlace(KeyValue entry) {
		if (!entry.columns().isEmpty()) {
			throw new UnsupportedOperationException(
					"key '" + entry.key() + "' cannot be written: a namespace has no place for 'columns'");
		}
		Key key = entry.key();
		if (!KeyNames.holds(key)) {
			throw new UnsupportedOperationException("key '" + key + "' cannot be written: " + KeyNames.refusal(key));
		}
		String metadata = metadata(entry);
		if (metadata != null && metadata.getBytes(UTF_8).length > LONGEST_METADATA) {
			throw new UnsupportedOperationException(
					"the metadata of key '" + key + "' cannot be written: as JSON it has "
							+ metadata.getBytes(UTF_8).length + " bytes, and may have " + LONGEST_METADATA);
		}
		if (value(entry).length > NamespaceCalls.LONGEST_VALUE) {
			throw new UnsupportedOperationException(
					"the value of key '" + key + "' cannot be written: it is longer than 25 MiB");
		}
	}

	/**
	 * There is no entry without a value: one that is written without has an empty one.
	 */
	private static byte[] value(KeyValue entry) {
		Value value = entry.value();
		return (value != null) ? value.bytes() : new byte[0];
	}

	private static @Nullable String metadata(KeyValue entry) {
		Object metadata = entry.metadata().value();
		try {
			return (metadata != null) ? JsonValues.text(metadata) : null;
		}
		catch (JacksonException ex) {
			throw new UnsupportedOperationException(
					"the metadata of key '" + entry.key() + "' cannot be written as JSON: " + ex.getOriginalMessage(),
					ex);
		}
	}

	private static byte[] json(KeyValue entry) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		fields.put("key", entry.key().text());
		byte[] value = value(entry);
		String text = plainText(value);
		fields.put("value", (text != null) ? text : Base64.getEncoder().encodeToString(value));
		if (text == null) {
			fields.put("base64", true);
		}
		if (entry.metadata().value() != null) {
			fields.put("metadata", entry.metadata().value());
		}
		if (entry.expiration() != null) {
			fields.put("expiration", entry.expiration().getEpochSecond());
		}
		return JsonValues.text(fields).getBytes(UTF_8);
	}

	/** The value as text that nothing on the way will change, or null. */
	private static @Nullable String plainText(byte[] value) {
		try {
			String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
			boolean plain = text.chars()
				.allMatch((unit) -> (unit >= ' ' || unit == '\n' || unit == '\r' || unit == '\t') && unit != 0x7f
						&& unit != 0xfeff && unit < 0xfff0);
			return plain ? text : null;
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private void send(List<Item> part) {
		List<Item> pending = List.copyOf(part);
		for (int attempt = 1; !pending.isEmpty(); attempt++) {
			Set<?> left = sendOnce(pending);
			pending = pending.stream().filter((item) -> left.contains(item.entry().key().text())).toList();
			if (attempt == ATTEMPTS && !pending.isEmpty()) {
				throw new StoreException(
						this.what + ": the service did not write " + pending.size() + " of " + part.size()
								+ " entries, '" + pending.get(0).entry().key() + "' the first, and does not say why");
			}
		}
	}

	/** The names of the keys that were not written. */
	private Set<?> sendOnce(List<Item> part) {
		Answer answer = NamespaceCalls.answer(this.what, () -> this.calls.bulkPut(array(part)));
		Envelope envelope = Envelope.parse(answer.body());
		if (envelope != null && envelope.result() instanceof Map<?, ?> result
				&& result.get("unsuccessful_keys") instanceof List<?> list && !list.isEmpty()) {
			return new HashSet<>(list);
		}
		if (!answer.isOk() || envelope == null || !envelope.success()) {
			StoreException failure = CloudflareFailures.judge(this.what, answer, envelope).exception();
			if (!(failure instanceof BatchTooLargeException)) {
				throw failure;
			}
			sendSmaller(part, failure);
		}
		else if (envelope.result() instanceof Map<?, ?> result
				&& result.get("successful_key_count") instanceof Long count && count != part.size()) {
			throw new TransientStoreException(this.what + ": the service wrote " + count + " of " + part.size()
					+ " entries, and does not say which", null, null);
		}
		return Set.of();
	}

	private void sendSmaller(List<Item> part, StoreException failure) {
		if (part.size() == 1) {
			sendAlone(part.get(0).entry(), failure);
			return;
		}
		send(part.subList(0, part.size() / 2));
		send(part.subList(part.size() / 2, part.size()));
	}

	private void sendAlone(KeyValue entry, StoreException failure) {
		byte[] value = value(entry);
		MultipartEntityBuilder form = MultipartEntityBuilder.create()
			.addBinaryBody("value", value, ContentType.APPLICATION_OCTET_STREAM, "value");
		String metadata = metadata(entry);
		form.addTextBody("metadata", (metadata != null) ? metadata : "null", ContentType.APPLICATION_JSON);
		HttpEntity body = form.build();
		String query = (entry.expiration() != null) ? "?expiration=" + entry.expiration().getEpochSecond() : "";
		Answer answer = NamespaceCalls.answer(this.what,
				() -> this.calls.putValue(entry.key(), query, body, value.length));
		try {
			NamespaceCalls.successful(this.what, answer);
		}
		catch (BatchTooLargeException ex) {
			ex.addSuppressed(failure);
			throw new StoreException(this.what + ": the value of key '" + entry.key() + "' is too large", ex);
		}
	}

	private static byte[] array(List<Item> part) {
		ByteArrayOutputStream array = new ByteArrayOutputStream();
		for (Item item : part) {
			array.write((array.size() == 0) ? '[' : ',');
			array.writeBytes(item.json());
		}
		array.write(']');
		return array.toByteArray();
	}

	/** An entry, and how a bulk call says it. */
	private static final class Item {

		private final KeyValue entry;

		private final byte[] json;

		Item(KeyValue entry) {
			this.entry = entry;
			this.json = BulkWriting.json(entry);
		}

		KeyValue entry() {
			return this.entry;
		}

		byte[] json() {
			return this.json;
		}

	}

}
