package io.kvpurge.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;

class LedgerHashTests {

	/** Around what is gathered before it goes into the digest. */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 8160, 8164, 8165, 8168, 8170, 8188, 8192, 8193, 20_000 })
	void itIsTheDigestOfEachFieldWithItsLengthBeforeIt(int length) throws NoSuchAlgorithmException {
		String text = "x".repeat(length);
		assertThat(LedgerHash.of("range").add(text).add(List.of(Key.of(text), Key.of("b"))).add(7).hex())
			.isEqualTo(digest("kvpurge/range/1", text, null, text, "b", "7"));
	}

	@Test
	void manyFieldsAreAllOfThemInIt() throws NoSuchAlgorithmException {
		LedgerHash hash = LedgerHash.of("range");
		String[] fields = new String[3_001];
		fields[0] = "kvpurge/range/1";
		for (int i = 1; i < fields.length; i++) {
			fields[i] = "field " + i;
			hash.add(fields[i]);
		}
		assertThat(hash.hex()).isEqualTo(digest(fields));
	}

	/** With null for the number of keys of a list of two. */
	private static String digest(String... fields) throws NoSuchAlgorithmException {
		MessageDigest digest = MessageDigest.getInstance("SHA-256");
		for (String field : fields) {
			byte[] bytes = (field != null) ? field.getBytes(StandardCharsets.UTF_8) : new byte[0];
			digest.update(ByteBuffer.allocate(4).putInt((field != null) ? bytes.length : 2).array());
			digest.update(bytes);
		}
		return HexFormat.of().formatHex(digest.digest());
	}

}
