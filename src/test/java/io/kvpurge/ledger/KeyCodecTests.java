package io.kvpurge.ledger;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyCodecTests {

	private static List<Key> unpack(byte[] packed) {
		return KeyCodec.unpack(ByteBuffer.wrap(packed));
	}

	private static void assertRoundTrip(List<Key> keys) {
		assertThat(unpack(KeyCodec.pack(keys))).isEqualTo(keys);
	}

	@Test
	void keysComeBackInTheirOrder() {
		assertRoundTrip(List.of());
		assertRoundTrip(List.of(Key.of("")));
		assertRoundTrip(List.of(Key.of("abc"), Key.of("abd"), Key.of("ab"), Key.of("ab"), Key.of("abcd"), Key.of("")));
		assertRoundTrip(List.of(Key.of("a"), Key.of("z"), Key.of("😀/ü"), Key.of("😀/ö"), Key.of("\u0000\n")));
		assertRoundTrip(List.of(Key.of("x".repeat(512)), Key.of("x".repeat(511) + "y"), Key.of("y".repeat(512))));
		assertRoundTrip(List.of(Key.of(new byte[] { (byte) 0xf0, (byte) 0x9f }), Key.of(new byte[] { (byte) 0xf0 }),
				Key.of(new byte[] { -1, 0, -1 })));
	}

	@Test
	void randomKeysComeBack() {
		for (int seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			List<Key> keys = new ArrayList<>();
			for (int i = random.nextInt(200); i > 0; i--) {
				byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 4 : 600)];
				random.nextBytes(bytes);
				Arrays.fill(bytes, 0, random.nextInt(bytes.length + 1), (byte) 'p');
				keys.add(Key.of(bytes));
			}
			assertRoundTrip(keys);
		}
	}

	@Test
	void keysThatFillABufferExactlyComeBack() {
		for (int length = 8180; length < 8200; length++) {
			assertRoundTrip(List.of(Key.of("x".repeat(length))));
			assertRoundTrip(List.of(Key.of("x".repeat(2 * length + 8))));
		}
	}

	@Test
	void sortedKeysTakeLittleRoom() {
		List<Key> keys = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			keys.add(Key.of("assets/build-%06d/main.js".formatted(i)));
		}
		assertThat(KeyCodec.pack(keys)).hasSizeLessThan(60_000);
	}

	@Test
	void damageIsRefusedUnlessItChangesNoKey() {
		List<Key> keys = List.of(Key.of("page/1"), Key.of("page/2"), Key.of("file/3"));
		byte[] packed = KeyCodec.pack(keys);
		for (int i = 0; i < packed.length; i++) {
			for (int bit = 0; bit < 8; bit++) {
				byte[] damaged = packed.clone();
				damaged[i] ^= (byte) (1 << bit);
				assertDamaged(damaged, keys);
			}
			byte[] cut = Arrays.copyOf(packed, i);
			assertThatIllegalArgumentException().isThrownBy(() -> unpack(cut));
		}
		byte[] longer = Arrays.copyOf(packed, packed.length + 1);
		assertThatIllegalArgumentException().isThrownBy(() -> unpack(longer))
			.withMessage("the packed keys are followed by something else");
	}

	/** Bits that deflate does not look at may change; the hash is over the keys. */
	private static void assertDamaged(byte[] damaged, List<Key> keys) {
		try {
			assertThat(unpack(damaged)).isEqualTo(keys);
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex).hasMessageStartingWith("the packed keys are");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "0105", "0001", "80", "0080", "000161ff", "ffffffff0f0161", "00ffffffff0f61",
			"ffffffffff01", "8080808080800001", "8080808080000161", "010161" })
	void wellPackedNonsenseIsRefused(String hex) {
		assertThatIllegalArgumentException().isThrownBy(() -> unpack(deflate(HexFormat.of().parseHex(hex))))
			.withMessage("the packed keys are damaged");
	}

	private static byte[] deflate(byte[] plain) {
		Deflater deflater = new Deflater();
		deflater.setInput(plain);
		deflater.finish();
		byte[] buffer = new byte[1000];
		int length = deflater.deflate(buffer);
		deflater.end();
		return Arrays.copyOf(buffer, length);
	}

}
