package io.kvpurge.store.jsonl;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Value;

/**
 * Reads entries, one JSON object a line: {@code key} or {@code key64}, and optionally
 * {@code value} or {@code value64}, {@code metadata} and {@code expiration} (ISO 8601, or
 * seconds since 1970). Lines are read as they are asked for; a stream that begins like
 * gzip is unpacked.
 */
public final class EntryReader implements AutoCloseable {

	private static final Set<String> FIELDS = Set.of("key", "key64", "value", "value64", "metadata", "expiration");

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.USE_LONG_FOR_INTS)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private final BufferedReader reader;

	private final String source;

	private long line;

	/**
	 * @param source the name of the stream, for error messages
	 * @throws IOException if it cannot be read
	 */
	public EntryReader(InputStream stream, String source) throws IOException {
		this.reader = new BufferedReader(new InputStreamReader(unpacked(stream),
				StandardCharsets.UTF_8.newDecoder()
					.onMalformedInput(CodingErrorAction.REPORT)
					.onUnmappableCharacter(CodingErrorAction.REPORT)));
		this.source = source;
	}

	private static InputStream unpacked(InputStream stream) throws IOException {
		BufferedInputStream buffered = new BufferedInputStream(stream, 1 << 16);
		buffered.mark(2);
		boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
		buffered.reset();
		return gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
	}

	/**
	 * The next entry, null at the end. Empty lines are passed over.
	 * @throws EntryFormatException if the line is no entry
	 * @throws IOException if the stream cannot be read
	 */
	public @Nullable KeyValue next() throws IOException {
		String text = this.reader.readLine();
		this.line++;
		while (text != null && text.isBlank()) {
			text = this.reader.readLine();
			this.line++;
		}
		return (text != null) ? entry(text) : null;
	}

	private KeyValue entry(String text) {
		try {
			if (!(JSON.readValue(text, Object.class) instanceof Map<?, ?> fields)) {
				throw problem("not a JSON object");
			}
			for (Object field : fields.keySet()) {
				if (!FIELDS.contains(field)) {
					throw problem("unknown field '" + field + "'");
				}
			}
			byte[] key = bytes(fields, "key");
			if (key == null || key.length == 0) {
				throw problem("'key' is missing or empty");
			}
			byte[] value = bytes(fields, "value");
			Metadata metadata = fields.containsKey("metadata") ? Metadata.of(fields.get("metadata")) : Metadata.ABSENT;
			return new KeyValue(Key.of(key), (value != null) ? Value.of(value) : null, metadata,
					expiration(fields.get("expiration")));
		}
		catch (JacksonException ex) {
			throw problem("not JSON: " + ex.getOriginalMessage());
		}
	}

	private byte @Nullable [] bytes(Map<?, ?> fields, String name) {
		Object text = fields.get(name);
		Object base64 = fields.get(name + "64");
		if (text != null && base64 != null) {
			throw problem("both '" + name + "' and '" + name + "64'");
		}
		if (text == null && base64 == null) {
			return null;
		}
		if (!((text != null ? text : base64) instanceof String string)) {
			throw problem("'" + name + "' is no text");
		}
		try {
			return (text != null) ? Key.of(string).bytes() : Key.ofBase64(string).bytes();
		}
		catch (IllegalArgumentException ex) {
			throw problem("'" + name + "' cannot be read: " + ex.getMessage());
		}
	}

	private @Nullable Instant expiration(@Nullable Object value) {
		if (value == null) {
			return null;
		}
		try {
			return (value instanceof Long seconds) ? Instant.ofEpochSecond(seconds) : Instant.parse(value.toString());
		}
		catch (DateTimeParseException ex) {
			throw problem("'expiration' is neither ISO 8601 nor seconds since 1970");
		}
	}

	private EntryFormatException problem(String what) {
		return new EntryFormatException(this.source + ":" + this.line + ": " + what);
	}

	@Override
	public void close() throws IOException {
		this.reader.close();
	}

}
