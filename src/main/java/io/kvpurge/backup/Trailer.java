package io.kvpurge.backup;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The last line of a segment. It always has the same length, and stands uncompressed at
 * the end of the file: so it is found without reading the rest.
 *
 * @param entries how many lines come before it
 * @param bytes how many bytes these have
 * @param sha256 of these bytes, hex
 */
record Trailer(long entries, long bytes, String sha256) {

	private static final Pattern LINE = Pattern
		.compile("\\{\"entries\": +(\\d+), \"bytes\": +(\\d+), \"sha256\": \"([0-9a-f]{64})\"}\n");

	static final int LENGTH = new Trailer(0, 0, "0".repeat(64)).line().length;

	byte[] line() {
		return String
			.format(Locale.ROOT, "{\"entries\": %19d, \"bytes\": %19d, \"sha256\": \"%s\"}\n", this.entries, this.bytes,
					this.sha256)
			.getBytes(StandardCharsets.US_ASCII);
	}

	/** The last trailer in these bytes, null if there is none. */
	static @Nullable Trailer last(byte[] bytes, int length) {
		Matcher matcher = LINE.matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
		Trailer last = null;
		while (matcher.find()) {
			last = new Trailer(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3));
		}
		return last;
	}

}
