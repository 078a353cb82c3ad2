package io.kvpurge.testkit.cloudflare;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes a page of keys as bytes, as a benchmark lists thousands of pages a second. */
final class PageWriter {

	private static final byte[] NAME = ascii("{\"name\":\"");

	private static final byte[] EXPIRATION = ascii(",\"expiration\":");

	private static final byte[] METADATA = ascii(",\"metadata\":");

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);

	private int count;

	PageWriter() {
		this.bytes.writeBytes(ascii("{\"result\":["));
	}

	void key(byte[] name, Version version) {
		if (this.count++ > 0) {
			this.bytes.write(',');
		}
		this.bytes.writeBytes(NAME);
		escaped(name);
		this.bytes.write('"');
		if (version.expiration != 0) {
			this.bytes.writeBytes(EXPIRATION);
			this.bytes.writeBytes(ascii(Long.toString(version.expiration)));
		}
		if (version.metadata != null) {
			this.bytes.writeBytes(METADATA);
			this.bytes.writeBytes(version.metadata);
		}
		this.bytes.write('}');
	}

	/**
	 * The whole page.
	 * @param cursor the field with its comma, or nothing
	 */
	byte[] page(String cursor) {
		this.bytes.writeBytes(ascii("],\"success\":true,\"errors\":[],\"messages\":[],\"result_info\":{\"count\":"
				+ this.count + cursor + "}}"));
		return this.bytes.toByteArray();
	}

	private void escaped(byte[] name) {
		int done = 0;
		for (int i = 0; i < name.length; i++) {
			byte at = name[i];
			if ((at >= 0 && at < ' ') || at == '"' || at == '\\') {
				this.bytes.write(name, done, i - done);
				this.bytes.writeBytes(ascii(String.format(Locale.ROOT, "\\u%04x", at)));
				done = i + 1;
			}
		}
		this.bytes.write(name, done, name.length - done);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
