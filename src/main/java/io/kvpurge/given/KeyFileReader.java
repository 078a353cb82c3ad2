package io.kvpurge.given;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import io.kvpurge.store.Key;
import io.kvpurge.store.jsonl.JsonValues;

/** Reads keys as they are asked for, and says in which line one cannot be read. */
final class KeyFileReader {

	/** No store has longer names; a file of another kind may have no lines at all. */
	static final int LONGEST = 1 << 20;

	private static final byte[] BYTE_ORDER_MARK = { (byte) 0xef, (byte) 0xbb, (byte) 0xbf };

	private final InputStream in;

	private final KeyFileFormat format;

	private final String source;

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 10);

	private long line;

	/**
	 * @param source the name of the stream, for error messages
	 */
	KeyFileReader(InputStream in, KeyFileFormat format, String source) {
		this.in = new BufferedInputStream(in, 1 << 16);
		this.format = format;
		this.source = source;
	}

	/**
	 * The next key, null at the end. Empty lines are passed over.
	 * @throws KeySourceException if the line names no key
	 */
	@Nullable Key next() throws IOException {
		byte[] next = record();
		while (next != null && next.length == 0) {
			next = record();
		}
		return (next == null) ? null : (this.format == KeyFileFormat.JSONL) ? parsed(next) : Key.of(next);
	}

	private byte @Nullable [] record() throws IOException {
		int end = (this.format == KeyFileFormat.NUL) ? 0 : '\n';
		this.line++;
		this.bytes.reset();
		int next = this.in.read();
		if (next < 0) {
			return null;
		}
		for (; next >= 0 && next != end; next = this.in.read()) {
			if (this.bytes.size() == LONGEST) {
				throw problem("is longer than a key can be");
			}
			this.bytes.write(next);
		}
		byte[] read = this.bytes.toByteArray();
		return (this.format == KeyFileFormat.NUL) ? read : text(read);
	}

	/** Without what editors put at the start of a file and before the end of a line. */
	private byte[] text(byte[] read) {
		int from = 0;
		if (this.line == 1 && Key.of(read).startsWith(Key.of(BYTE_ORDER_MARK))) {
			from = BYTE_ORDER_MARK.length;
		}
		int to = read.length;
		if (to > from && read[to - 1] == '\r') {
			to--;
		}
		byte[] text = Arrays.copyOfRange(read, from, to);
		if (this.line == 1 && this.format == KeyFileFormat.TEXT && looksLikeJson(text)) {
			throw problem("looks like JSON, but each line is read as a key: say that the format is jsonl");
		}
		return text;
	}

	private static boolean looksLikeJson(byte[] text) {
		return new String(text, StandardCharsets.UTF_8).replace(" ", "").startsWith("{\"key");
	}

	private Key parsed(byte[] line) {
		String text = text(Key.of(line));
		try {
			Object value = JsonValues.parse(text);
			if (value instanceof String key) {
				return key(Key.of(key));
			}
			if (value instanceof Map<?, ?> fields) {
				if (fields.get("key") instanceof String key && !fields.containsKey("key64")) {
					return key(Key.of(key));
				}
				if (fields.get("key64") instanceof String base64 && !fields.containsKey("key")) {
					return key(Key.ofBase64(base64));
				}
			}
		}
		catch (JacksonException ex) {
			throw problem("is not JSON: " + ex.getOriginalMessage());
		}
		catch (IllegalArgumentException ex) {
			throw problem("has a key that cannot be read: " + ex.getMessage());
		}
		throw problem("is neither a JSON text nor an object with one of 'key' and 'key64'");
	}

	private String text(Key line) {
		if (!line.isText()) {
			throw problem("is not UTF-8");
		}
		return line.text();
	}

	private Key key(Key key) {
		if (key.length() == 0) {
			throw problem("has an empty key");
		}
		return key;
	}

	private KeySourceException problem(String what) {
		return new KeySourceException(
				this.source + ((this.format == KeyFileFormat.NUL) ? ": key " : ":") + this.line + ": " + what);
	}

}
