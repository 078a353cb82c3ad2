package io.kvpurge.store.jsonl;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

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
 * {@code value} or {@code value64}, {@code metadata}, {@code expiration} (ISO 8601, or
 * seconds since 1970) and {@code columns}. Lines are read as they are asked for; a stream
 * that begins like gzip is unpacked.
 */
public final class EntryReader implements AutoCloseable {

	private static final Set<String> FIELDS = Set.of("key", "key64", "value", "value64", "metadata", "expiration",
			"columns");

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private final InputStream stream;

	private final String source;

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 10);

	private long line;

	/**
	 * @param source the name of the stream, for error messages
	 * @throws EntryFormatException if it begins like gzip and is none
	 * @throws IOException if it cannot be read
	 */
	public EntryReader(InputStream stream, String source) throws IOException {
		this.source = source;
		try {
			this.stream = new BufferedInputStream(unpacked(stream), 1 << 16);
		}
		catch (EOFException | ZipException ex) {
			throw new EntryFormatException(source + ": " + damaged(ex));
		}
	}

	private static String damaged(IOException ex) {
		return "the gzip stream is cut off or damaged" + ((ex.getMessage() != null) ? ": " + ex.getMessage() : "");
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
		String text = readLine();
		while (text != null && text.isBlank()) {
			text = readLine();
		}
		return (text != null) ? entry(text) : null;
	}

	/** Decoded line by line: a decoder that reads ahead would blame an earlier line. */
	private @Nullable String readLine() throws IOException {
		this.line++;
		try {
			this.bytes.reset();
			int next = this.stream.read();
			if (next < 0) {
				return null;
			}
			for (; next >= 0 && next != '\n'; next = this.stream.read()) {
				this.bytes.write(next);
			}
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(this.bytes.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			throw problem("not UTF-8");
		}
		catch (EOFException | ZipException ex) {
			throw problem(damaged(ex));
		}
		catch (IOException ex) {
			throw new IOException(this.source + ":" + this.line + ": cannot be read: " + ex.getMessage(), ex);
		}
	}

	private KeyValue entry(String text) {
		try {
			if (!(JsonValues.widened(JSON.readValue(text, Object.class)) instanceof Map<?, ?> fields)) {
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
			Metadata metadata = fields.containsKey("metadata")
					? Metadata.of(JsonValues.simplest(fields.get("metadata"))) : Metadata.ABSENT;
			return new KeyValue(Key.of(key), (value != null) ? Value.of(value) : null, metadata,
					expiration(fields.get("expiration")), columns(fields.get("columns")));
		}
		catch (JacksonException ex) {
			throw problem("not JSON: " + ex.getOriginalMessage());
		}
		catch (NumberFormatException ex) {
			throw problem("it holds a number beyond all bounds");
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

	private Map<String, @Nullable Value> columns(@Nullable Object value) {
		Map<String, @Nullable Value> columns = new LinkedHashMap<>();
		if (value == null) {
			return columns;
		}
		if (!(value instanceof Map<?, ?> fields)) {
			throw problem("'columns' is no JSON object");
		}
		fields.forEach((name, column) -> columns.put(String.valueOf(name), column(String.valueOf(name), column)));
		return columns;
	}

	private @Nullable Value column(String name, @Nullable Object value) {
		if (value == null) {
			return null;
		}
		try {
			if (value instanceof String text) {
				return Value.of(Key.of(text).bytes());
			}
			if (value instanceof Map<?, ?> fields && fields.size() == 1
					&& fields.get("base64") instanceof String text) {
				return Value.of(Key.ofBase64(text).bytes());
			}
		}
		catch (IllegalArgumentException ex) {
			throw problem("column '" + name + "' cannot be read: " + ex.getMessage());
		}
		throw problem("column '" + name + "' is neither text nor {\"base64\": ...} nor null");
	}

	private @Nullable Instant expiration(@Nullable Object value) {
		if (value == null) {
			return null;
		}
		try {
			return (value instanceof Long seconds) ? Instant.ofEpochSecond(seconds) : Instant.parse(value.toString());
		}
		catch (DateTimeException ex) {
			throw problem("'expiration' is neither ISO 8601 nor seconds since 1970");
		}
	}

	private EntryFormatException problem(String what) {
		return new EntryFormatException(this.source + ":" + this.line + ": " + what);
	}

	@Override
	public void close() throws IOException {
		this.stream.close();
	}

}
