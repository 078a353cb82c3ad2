package io.kvpurge.store.jsonl;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Value;
import io.kvpurge.testkit.Spoiled;
import io.kvpurge.testkit.Trials;

import static org.assertj.core.api.Assertions.assertThat;

/** Entries as text, with changes at random places; and keys of any bytes. */
class SpoiledLineTests {

	private static final List<String> GOOD = List.of("""
			{"key": "page/größe", "value": "v", "metadata": {"a": [1, 2.5, null]}, "expiration": "2030-01-01T00:00:00Z"}
			{"key64": "/wA=", "value64": "AAEC", "metadata": 1e300}
			""", """
			{"key": "a", "metadata": {"n": 12345678901234567890.123, "d": {"e": {"f": []}}}}
			""");

	@Test
	void isReadOrRefusedInALine() {
		Trials.of(1500, (random) -> {
			byte[] text = Spoiled.bytes(random, any(random), any(random));
			try (EntryReader reader = new EntryReader(new ByteArrayInputStream(text), "a.jsonl")) {
				for (KeyValue entry = reader.next(); entry != null; entry = reader.next()) {
					assertThat(read(EntryWriter.line(entry)).key()).isEqualTo(entry.key());
				}
			}
			catch (EntryFormatException ex) {
				assertThat(ex.getMessage()).startsWith("a.jsonl").hasLineCount(1);
			}
		});
	}

	@Test
	void anEntryOfAnyBytesComesBackAsItWas() {
		Trials.of(500, (random) -> {
			byte[] key = bytes(random);
			if (key.length == 0) {
				return; // which no entry may have
			}
			KeyValue entry = new KeyValue(Key.of(key), Value.of(bytes(random)),
					Metadata.of(Map.of("x", random.nextLong(), "y", random.nextDouble())),
					Instant.ofEpochSecond(random.nextInt()));
			assertThat(read(EntryWriter.line(entry))).isEqualTo(entry);
		});
	}

	@Test
	void keysAreOrderedAndComparedByTheirBytes() {
		Trials.of(2000, (random) -> {
			Key one = Key.of(bytes(random));
			Key other = random.nextBoolean() ? Key.of(bytes(random)) : Key.of(one.bytes());
			assertThat(one.equals(other)).isEqualTo(one.compareTo(other) == 0)
				.isEqualTo(one.base64().equals(other.base64()));
			assertThat(Key.ofBase64(one.base64())).isEqualTo(one);
			if (one.isText()) {
				assertThat(Key.of(one.text())).isEqualTo(one);
			}
		});
	}

	private static KeyValue read(String line) throws Exception {
		try (EntryReader reader = new EntryReader(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)),
				"a")) {
			KeyValue entry = reader.next();
			assertThat(entry).isNotNull();
			return entry;
		}
	}

	private static byte[] bytes(Random random) {
		byte[] bytes = new byte[random.nextInt(6)];
		random.nextBytes(bytes);
		return random.nextBoolean() ? bytes
				: new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
	}

	private static String any(Random random) {
		return GOOD.get(random.nextInt(GOOD.size()));
	}

}
