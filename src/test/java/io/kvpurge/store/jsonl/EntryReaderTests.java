package io.kvpurge.store.jsonl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EntryReaderTests {

	@Test
	void whatIsWrittenIsReadAgain() throws IOException {
		Map<String, @Nullable Object> nested = new LinkedHashMap<>();
		nested.put("text", "gr\u00fc\u00dfe \uD83D\uDE00");
		nested.put("null", null);
		nested.put("list", List.of(1L, 2.5, true, List.of()));
		nested.put("large", new BigInteger("98765432109876543210"));
		nested.put("exact", new BigDecimal("0.12345678901234567890123"));
		List<KeyValue> entries = List.of(new KeyValue(Key.of("plain"), null, Metadata.ABSENT, null),
				new KeyValue(Key.of("emoji \uD83D\uDE00 \"\\\n"), Value.of("text"), Metadata.of(nested),
						Instant.parse("2026-01-31T12:00:00.123Z")),
				new KeyValue(Key.of(new byte[] { (byte) 0xff, 0 }), Value.of(new byte[] { (byte) 0xc3, 1 }),
						Metadata.of(null), null),
				new KeyValue(Key.of("scalar"), null, Metadata.of("just text"), null));
		String lines = String.join("\n", entries.stream().map(EntryWriter::line).toList());
		assertThat(read(lines.getBytes(StandardCharsets.UTF_8))).isEqualTo(entries);
	}

	@Test
	void keysAndValuesThatAreNoTextStandInBase64() {
		KeyValue entry = new KeyValue(Key.of(new byte[] { (byte) 0xff }), Value.of(new byte[] { (byte) 0xfe }),
				Metadata.ABSENT, null);
		assertThat(EntryWriter.line(entry)).isEqualTo("{\"key64\":\"/w==\",\"value64\":\"/g==\"}");
	}

	@Test
	void blankLinesArePassedOver() throws IOException {
		assertThat(read("\n  \n{\"key\":\"a\"}\n\n{\"key\":\"b\"}".getBytes(StandardCharsets.UTF_8)))
			.extracting((entry) -> entry.key().text())
			.containsExactly("a", "b");
	}

	@Test
	void aStreamThatBeginsLikeGzipIsUnpacked() throws IOException {
		assertThat(read(gzip("{\"key\":\"a\"}\n"))).hasSize(1);
	}

	@Test
	void aGzipStreamThatIsCutOffIsNamed() {
		byte[] whole = gzip("{\"key\":\"a\"}\n".repeat(1000));
		assertFails(Arrays.copyOf(whole, whole.length - 4), "test:1001: the gzip stream is cut off or damaged");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\u0000', textBlock = """
			nonsense                            | 2: not JSON
			[1]                                 | 2: not a JSON object
			{"key":"a"} {"key":"b"}             | 2: not JSON
			{"key":"a","key":"b"}               | 2: not JSON
			{"kee":"a"}                         | 2: unknown field 'kee'
			{"metadata":{}}                     | 2: 'key' is missing or empty
			{"key":""}                          | 2: 'key' is missing or empty
			{"key":7}                           | 2: 'key' is no text
			{"key":"a","key64":"YQ=="}          | 2: both 'key' and 'key64'
			{"key64":"%%"}                      | 2: 'key' cannot be read
			{"key":"a","expiration":"tomorrow"} | 2: 'expiration' is neither ISO 8601 nor seconds since 1970
			{"key":"a","metadata":1e-9999999999}| 2: it holds a number beyond all bounds
			""")
	void aLineThatIsNoEntryIsNamed(String line, String problem) {
		assertFails(("{\"key\":\"fine\"}\n" + line.strip() + "\n").getBytes(StandardCharsets.UTF_8),
				"test:" + problem.strip());
	}

	@Test
	void bytesThatAreNoUtf8AreNamed() {
		assertFails(new byte[] { '{', '}', '\n', (byte) 0xe4, '\n' }, "test:1: 'key' is missing or empty");
		assertFails(new byte[] { '\n', (byte) 0xe4, '\n' }, "test:2: not UTF-8");
	}

	@Test
	void anExpirationMayBeSecondsSince1970() throws IOException {
		assertThat(read("{\"key\":\"a\",\"expiration\":86400}".getBytes(StandardCharsets.UTF_8)).get(0).expiration())
			.isEqualTo(Instant.parse("1970-01-02T00:00:00Z"));
	}

	@Test
	void numbersOfMetadataAreLongsDoublesOrWhatHoldsThemExactly() {
		assertThat(JsonValues.parse("[1, 9007199254740993, 98765432109876543210, 0.5]"))
			.isEqualTo(List.of(1L, 9007199254740993L, new BigInteger("98765432109876543210"), 0.5));
	}

	private static void assertFails(byte[] bytes, String problem) {
		assertThatExceptionOfType(EntryFormatException.class).isThrownBy(() -> read(bytes))
			.withMessageStartingWith(problem);
	}

	private static List<KeyValue> read(byte[] bytes) throws IOException {
		List<KeyValue> entries = new ArrayList<>();
		try (EntryReader reader = new EntryReader(new ByteArrayInputStream(bytes), "test")) {
			for (KeyValue entry = reader.next(); entry != null; entry = reader.next()) {
				entries.add(entry);
			}
		}
		return entries;
	}

	private static byte[] gzip(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
			packed.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.toByteArray();
	}

}
