package io.kvpurge.testkit.cloudflare;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What the service takes for the name of a key. */
final class KeyNames {

	private static final int LONGEST = 512;

	private KeyNames() {
	}

	/** The bytes of a name, which is checked. */
	static byte[] bytes(String name) {
		if (name.isEmpty() || name.equals(".") || name.equals("..")) {
			throw new ApiError(400, 10042, "illegal key name: '" + name + "'");
		}
		byte[] bytes = utf8(name);
		if (bytes.length > LONGEST) {
			throw new ApiError(414, 10030, "key name of " + bytes.length + " bytes is longer than " + LONGEST);
		}
		return bytes;
	}

	static byte[] utf8(String text) {
		try {
			ByteBuffer buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
			byte[] bytes = new byte[buffer.remaining()];
			buffer.get(bytes);
			return bytes;
		}
		catch (CharacterCodingException ex) {
			throw new ApiError(400, 10042, "illegal key name: no Unicode");
		}
	}

	static String text(byte[] name) {
		return new String(name, StandardCharsets.UTF_8);
	}

}
