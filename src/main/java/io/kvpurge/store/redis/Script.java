package io.kvpurge.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A small program that the server runs.
 *
 * @param text its text
 * @param digest by which the server knows it
 */
record Script(String text, String digest) {

	/** Looks at keys. */
	static final Script READ = of("look.lua", "read.lua");

	/** Deletes what is as it was seen. */
	static final Script COMPARE_AND_DELETE = of("look.lua", "compare-and-delete.lua");

	/** Deletes whatever is there. */
	static final Script DELETE = of("delete.lua");

	/** Writes a hash. */
	static final Script WRITE_HASH = of("write-hash.lua");

	private static Script of(String... resources) {
		StringBuilder text = new StringBuilder();
		for (String resource : resources) {
			text.append(read(resource));
		}
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.toString().getBytes(StandardCharsets.UTF_8));
			return new Script(text.toString(), HexFormat.of().formatHex(digest));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String read(String resource) {
		try (InputStream stream = Script.class.getResourceAsStream(resource)) {
			if (stream == null) {
				throw new IllegalStateException(resource + " is missing");
			}
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
