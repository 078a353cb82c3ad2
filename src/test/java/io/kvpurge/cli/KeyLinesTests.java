package io.kvpurge.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;

class KeyLinesTests {

	private static final Instant NOON = Instant.parse("2026-02-01T12:00:00.5Z");

	private static final RunId ID = new RunId("cache", 3);

	private static final List<Key> KEYS = List.of(Key.of("plain"), Key.of(""), Key.of(" spaces "),
			Key.of("a \"quoted\", b"), Key.of("two\nlines\r\n"), Key.of("\r"), Key.of("größe/😀"),
			Key.of("#no comment"), Key.of("'=1+1"), Key.of("\\n"), Key.of("\u0000\t\u2028"),
			Key.of("x".repeat(5000) + "\""), Key.of("null"), Key.of(new byte[] { 'p', (byte) 0xff, 0 }),
			Key.of(new byte[] { (byte) 0xc0, (byte) 0x80 }));

	private static final String REASON = "a \"foreign\" key,\nrefused";

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private final PrintStream out = new PrintStream(this.bytes, true, StandardCharsets.US_ASCII);

	private static PurgeRun run() {
		RunIdentity identity = new RunIdentity("cache", "d1", "{}", "memory:test", RunMode.PURGE, NOON);
		return new PurgeRun(ID, identity, "name: cache", Guarantee.LIST_THEN_DELETE, true,
				new RunOrigin("joe", "host-2", 2, "0.2.0"), 2, 2, RunState.RUNNING, null, NOON, null, null, null, null,
				null, null, null);
	}

	private static List<RunAttempt> attempts() {
		return List.of(
				new RunAttempt(1, new RunOrigin("jane", "host-1", 1, "0.1.0"), NOON, NOON, NOON, RunState.FAILED,
						"died", 0),
				new RunAttempt(2, new RunOrigin("joe", "host-2", 2, "0.2.0"), NOON, NOON, null, RunState.RUNNING, null,
						0));
	}

	/** One call with every key, of which the second was refused, and one in doubt. */
	private void write(KeyLines lines) {
		List<KeyOutcome> outcomes = new ArrayList<>();
		KEYS.forEach((key) -> outcomes.add(KeyOutcome.of(Outcome.DELETED)));
		outcomes.set(1, new KeyOutcome(Outcome.REFUSED, REASON));
		try (lines) {
			lines.write(new LedgerCall(ID, 1, 7, 1, KEYS, NOON, NOON.plusSeconds(1), outcomes, "h", "h"));
			lines.write(new LedgerCall(ID, 2, 1, 2, KEYS, NOON, null, List.of(), "h", null));
		}
		this.out.print("!");
		assertThat(this.bytes.toString(StandardCharsets.UTF_8)).endsWith("!");
	}

	private String text() {
		String text = this.bytes.toString(StandardCharsets.UTF_8);
		return text.substring(0, text.length() - 1);
	}

	private static Key key(String text, String base64) {
		return (text != null) ? Key.of(text) : Key.ofBase64(base64);
	}

	@Test
	void valuesAreReadBackAsTheyWere() {
		write(KeyLines.csv(this.out, run(), attempts()));
		List<Map<String, String>> rows = new ArrayList<>();
		try (MappingIterator<Map<String, String>> iterator = CsvMapper.builder()
			.enable(CsvReadFeature.EMPTY_UNQUOTED_STRING_AS_NULL)
			.build()
			.readerForMapOf(String.class)
			.with(CsvSchema.emptySchema().withHeader())
			.readValues(text())) {
			iterator.forEachRemaining(rows::add);
		}
		assertThat(rows).hasSize(2 * KEYS.size())
			.allSatisfy((row) -> assertThat(row.keySet()).containsExactlyElementsOf(CallFields.NAMES));
		assertThat(rows.subList(0, KEYS.size())).extracting((row) -> key(row.get("key"), row.get("key64")))
			.isEqualTo(KEYS);
		assertThat(rows.subList(KEYS.size(), rows.size())).extracting((row) -> key(row.get("key"), row.get("key64")))
			.isEqualTo(KEYS);
		assertThat(rows.get(1)).containsEntry("outcome", "refused")
			.containsEntry("reason", REASON)
			.containsEntry("run", "cache.3")
			.containsEntry("range", "1")
			.containsEntry("call", "7")
			.containsEntry("attempt", "1")
			.containsEntry("announced", "2026-02-01T12:00:00.500Z")
			.containsEntry("settled", "2026-02-01T12:00:01.500Z")
			.containsEntry("digest", "d1")
			.containsEntry("launchedBy", "jane")
			.containsEntry("host", "host-1")
			.containsEntry("version", "0.1.0");
		assertThat(rows.get(KEYS.size())).containsEntry("outcome", "in-doubt")
			.containsEntry("settled", null)
			.containsEntry("launchedBy", "joe");
	}

	/**
	 * A time has as many digits as it needs, and a line must not look otherwise for it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "2026-02-01T12:00:00Z", "2026-02-01T12:00:00.500Z", "2026-02-01T12:00:00.500123Z" })
	void everyTextStandsInQuotes(String time) {
		try (KeyLines lines = KeyLines.csv(this.out, run(), attempts())) {
			lines.write(new LedgerCall(ID, 1, 7, 1, List.of(Key.of("x".repeat(100)), Key.of("a,b")),
					Instant.parse(time), Instant.parse(time),
					List.of(KeyOutcome.of(Outcome.DELETED), KeyOutcome.of(Outcome.DELETED)), "h", "h"));
		}
		String line = "'%s',,'deleted',,'cache.3',1,7,1,'%s','%s','d1','jane','host-1','0.1.0'".replace('\'', '"');
		assertThat(this.bytes.toString(StandardCharsets.UTF_8).lines().skip(1))
			.containsExactly(line.formatted("x".repeat(100), time, time), line.formatted("a,b", time, time));
	}

	@Test
	void objectsAreReadBackAsTheyWere() {
		write(KeyLines.json(this.out, run(), attempts()));
		JsonMapper json = JsonMapper.shared();
		List<JsonNode> objects = text().lines().map(json::readTree).toList();
		assertThat(objects).hasSize(2 * KEYS.size());
		assertThat(objects.subList(0, KEYS.size())).extracting((object) -> object.has("key")
				? Key.of(object.get("key").stringValue()) : Key.ofBase64(object.get("key64").stringValue()))
			.isEqualTo(KEYS);
		assertThat(objects.get(0).propertyNames()).containsExactly("key", "outcome", "run", "range", "call", "attempt",
				"announced", "settled", "digest", "launchedBy", "host", "version");
		assertThat(objects.get(1).get("reason").stringValue()).isEqualTo(REASON);
		assertThat(objects.get(KEYS.size()).get("settled").isNull()).isTrue();
	}

	@Test
	void runWithoutAttemptsNamesItsOrigin() {
		write(KeyLines.json(this.out, run(), List.of()));
		assertThat(text().lines()).hasSize(2 * KEYS.size()).allMatch((line) -> line.contains("\"launchedBy\":\"joe\""));
	}

}
