package io.kvpurge.store.cloudflare;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.UnsuccessfulKeysException;
import io.kvpurge.store.Value;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.Fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Values and what goes with them, byte by byte. */
class CloudflareValuesTests {

	private static final Instant LATER = Instant.parse("2099-12-31T23:59:58Z");

	private Simulated simulated;

	private KeyValueStore store;

	@BeforeEach
	void start() {
		this.simulated = new Simulated();
		this.store = this.simulated.open();
	}

	@AfterEach
	void stop() {
		this.simulated.close();
	}

	private void put(String key, byte[] value) {
		this.simulated.service().put(this.simulated.namespace(), key, value, "{\"of\": \"" + key + "\"}", LATER);
	}

	private static KeyValue expected(String key, byte[] value) {
		return new KeyValue(Key.of(key), Value.of(value), Metadata.of(Map.of("of", key)), LATER);
	}

	private int requests(Call call) {
		return this.simulated.service().counters().requests(call);
	}

	private byte @Nullable [] stored(String key) {
		return this.simulated.service().stored(this.simulated.namespace(), key).orElseThrow().value();
	}

	@Test
	void whatTextWouldLoseIsReadAlone() {
		Map<String, byte[]> values = Map.of("binary", new byte[] { 0, (byte) 0xff, 13, 10 }, "cut",
				new byte[] { 'a', (byte) 0xe2, (byte) 0x82 }, "mark", "\uFEFFa".getBytes(UTF_8), "marks",
				"\uFEFF\uFEFFa".getBytes(UTF_8), "replacement", "a\uFFFDb".getBytes(UTF_8), "surrogate",
				new byte[] { (byte) 0xed, (byte) 0xa0, (byte) 0x80 }, "text", "ä 😀 \0 \r\n".getBytes(UTF_8),
				"later mark", "a\uFEFF".getBytes(UTF_8), "empty", new byte[0]);
		values.forEach(this::put);
		assertThat(this.store.read(values.keySet().stream().map(Key::of).toList())).containsExactlyInAnyOrderElementsOf(
				values.entrySet().stream().map((entry) -> expected(entry.getKey(), entry.getValue())).toList());
		assertThat(requests(Call.BULK_GET)).isOne();
		assertThat(requests(Call.GET_VALUE)).isEqualTo(6);
	}

	@Test
	void textsAreReadByTheHundred() {
		List<KeyEntry> entries = this.simulated.fill(250);
		assertThat(this.store.read(entries.stream().map(KeyEntry::key).toList())).hasSize(250);
		assertThat(requests(Call.BULK_GET)).isEqualTo(3);
		assertThat(requests(Call.GET_VALUE)).isZero();
	}

	@Test
	void whatIsTooMuchForOneAnswerIsAskedForInParts() {
		byte[] large = new byte[9_000_000];
		Arrays.fill(large, (byte) 'x');
		List<Key> keys = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			put("large" + i, large);
			keys.add(Key.of("large" + i));
		}
		assertThat(this.store.find(keys)).extracting(KeyEntry::key).containsExactlyInAnyOrderElementsOf(keys);
		assertThat(requests(Call.BULK_GET)).isEqualTo(3);
		assertThat(this.store.read(keys)).extracting(KeyValue::value).containsOnly(Value.of(large));
	}

	@Test
	void aKeyThatIsTooLargeByItselfIsAskedForAlone() {
		put("a", new byte[] { 'v' });
		KeyEntry entry = new KeyEntry(Key.of("a"), Metadata.of(Map.of("of", "a")), LATER, null);
		this.simulated.service().failNext(Call.BULK_GET, 1, Fault.error(413, 10024));
		assertThat(this.store.find(List.of(Key.of("a")))).containsExactly(entry);
		this.simulated.service().failNext(Call.BULK_GET, 1, Fault.garbage(413, 0));
		assertThat(this.store.read(List.of(Key.of("a")))).containsExactly(expected("a", new byte[] { 'v' }));
		this.simulated.service().failNext(Call.BULK_GET, 1, Fault.error(413, 10024));
		assertThat(this.store.find(List.of(Key.of("nowhere")))).isEmpty();
	}

	@Test
	void aKeyThatABulkAnswerDoesNotMentionIsNotTakenForMissing() {
		try (ScriptedService service = new ScriptedService(); KeyValueStore scripted = service.open()) {
			service.reply(200, """
					{"success": true, "result": {"values": {"b": null, "x": {"value": "x", "metadata": 1}}}}""")
				.reply(200, "{\"success\": true, \"errors\": [], \"result\": {\"n\": 1}}")
				.reply(200, "the value", "Expiration", "4102444798");
			assertThat(scripted.find(List.of(Key.of("a?/ä"), Key.of("b")))).containsExactly(new KeyEntry(Key.of("a?/ä"),
					Metadata.of(Map.of("n", 1L)), Instant.ofEpochSecond(4102444798L), null));
			assertThat(service.requests().get(1).path()).endsWith("/metadata/a%3F%2F%C3%A4");
		}
	}

	@Test
	void onlyAKeyThatIsNotFoundIsMissing() {
		try (ScriptedService service = new ScriptedService(); KeyValueStore scripted = service.open()) {
			String gone = "{\"success\": false, \"errors\": [{\"code\": 10013, \"message\": \"namespace not found\"}]}";
			service.reply(413, "").reply(404, gone).reply(413, "").reply(404, "<html>");
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> scripted.find(List.of(Key.of("a"))));
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> scripted.find(List.of(Key.of("a"))));
		}
	}

	@Test
	void anOldNamespaceIsNotAskedForANameItWouldNotDecode() {
		try (ScriptedService service = new ScriptedService();
				ApiClient client = new ApiClient("t", Duration.ofSeconds(5))) {
			NamespaceCalls calls = new NamespaceCalls(client, service.baseUrl(), new Namespace("n1", "old", false));
			service.reply(413, "");
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> new BulkReading(calls).find(List.of(Key.of("a/b"))))
				.withMessageContaining("old namespaces");
			assertThat(service.requests()).hasSize(1);
		}
	}

	@Test
	void metadataIsReadDigitByDigit() {
		this.simulated.put("a", "{\"n\": 1.00000000000000000000000001, \"m\": 1e400, \"d\": 2.5}");
		assertThat(this.store.read(List.of(Key.of("a")))).extracting(KeyValue::metadata)
			.containsExactly(Metadata.of(Map.of("n", new BigDecimal("1.00000000000000000000000001"), "m",
					new BigDecimal("1e400"), "d", 2.5)));
	}

	@Test
	void valuesAreWrittenAsTheyAre() {
		byte[] random = new byte[1000];
		new Random(1).nextBytes(random);
		List<byte[]> values = List.of(random, "\uFEFFa".getBytes(UTF_8), "a\uFFFD".getBytes(UTF_8), new byte[] { 0 },
				"ä😀\t\r\n".getBytes(UTF_8), new byte[0]);
		this.store.write(IntStream.range(0, values.size())
			.mapToObj((at) -> new KeyValue(Key.of("v" + at), Value.of(values.get(at)), Metadata.ABSENT, null))
			.toList());
		for (int i = 0; i < values.size(); i++) {
			assertThat(stored("v" + i)).isEqualTo(values.get(i));
		}
		assertThat(requests(Call.BULK_PUT)).isOne();
	}

	@Test
	void anEntryWithoutAValueHasAnEmptyOne() {
		this.store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.of("m"), LATER)));
		assertThat(this.store.read(List.of(Key.of("a"))))
			.containsExactly(new KeyValue(Key.of("a"), Value.of(""), Metadata.of("m"), LATER));
	}

	@Test
	void writesAreDividedByNumberAndBySize() {
		List<KeyValue> many = IntStream.range(0, 10_001)
			.mapToObj((at) -> new KeyValue(Key.of("k" + at), Value.of("v"), Metadata.ABSENT, null))
			.toList();
		this.store.write(many);
		assertThat(requests(Call.BULK_PUT)).isEqualTo(2);
		Value large = Value.of(new byte[25 * 1024 * 1024]);
		this.store.write(three(large));
		assertThat(requests(Call.BULK_PUT)).isEqualTo(4);
		assertThat(this.simulated.left()).hasSize(10_004);
		assertThat(stored("l3")).hasSize(25 * 1024 * 1024);
	}

	private static List<KeyValue> three(Value value) {
		return Stream.of("l1", "l2", "l3")
			.map((key) -> new KeyValue(Key.of(key), value, Metadata.ABSENT, null))
			.toList();
	}

	@Test
	void aValueThatIsTooLargeForBulkGoesAlone() {
		List<KeyValue> entries = List.of(expected("a", new byte[] { 1, 2, (byte) 0xff }), expected("b", new byte[0]));
		this.simulated.service().failNext(Call.BULK_PUT, 3, Fault.error(413, 10024));
		this.store.write(entries);
		assertThat(requests(Call.PUT_VALUE)).isEqualTo(2);
		assertThat(this.store.read(List.of(Key.of("a"), Key.of("b")))).containsExactlyInAnyOrderElementsOf(entries);
	}

	@Test
	void whatTheServiceCannotHoldIsRefusedBeforeAnythingIsSent() {
		KeyValue fine = expected("fine", new byte[0]);
		Map<KeyValue, String> odd = Map.of(new KeyValue(Key.of("m"), null, Metadata.of("x".repeat(1023)), null),
				"may have 1024",
				new KeyValue(Key.of("v"), Value.of(new byte[25 * 1024 * 1024 + 1]), Metadata.ABSENT, null), "25 MiB",
				new KeyValue(Key.of(""), null, Metadata.ABSENT, null), "cannot be empty",
				new KeyValue(Key.of(".."), null, Metadata.ABSENT, null), "\"..\"",
				new KeyValue(Key.of("é".repeat(257)), null, Metadata.ABSENT, null), "512 bytes",
				new KeyValue(Key.of(new byte[] { (byte) 0xff }), null, Metadata.ABSENT, null), "UTF-8");
		odd.forEach((entry, words) -> assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.store.write(List.of(fine, entry)))
			.withMessageContaining(words));
		this.store.write(List.of(new KeyValue(Key.of("m"), null, Metadata.of("x".repeat(1022)), null)));
		assertThat(this.simulated.left()).containsExactly("m");
	}

	@Test
	void anExpirationThatIsTooNearIsRefusedByTheService() {
		KeyValue near = new KeyValue(Key.of("a"), null, Metadata.ABSENT, Instant.parse("2020-01-01T00:00:00Z"));
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.write(List.of(near)))
			.isNotInstanceOf(TransientStoreException.class)
			.withMessageContaining("60 seconds");
	}

	@Test
	void whatWasNotWrittenIsWrittenAgain() {
		List<KeyValue> entries = IntStream.range(0, 100)
			.mapToObj((at) -> new KeyValue(Key.of("k" + at), Value.of("v"), Metadata.ABSENT, null))
			.toList();
		this.simulated.service().failNext(Call.BULK_PUT, 1, Fault.unsuccessful(200, 0.5));
		this.simulated.service().failNext(Call.BULK_PUT, 1, Fault.unsuccessful(500, 0.5));
		this.store.write(entries);
		assertThat(this.simulated.left()).hasSize(100);
		this.simulated.service().failNext(Call.BULK_PUT, 3, Fault.unsuccessful(200, 0));
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.write(entries.subList(0, 2)))
			.withMessageContaining("did not write 2 of 2 entries, 'k0' the first");
	}

	@Test
	void aWriteThatWasNotAnsweredMayBeMadeAgain() {
		this.simulated.service().failNext(Call.BULK_PUT, 1, Fault.dropped(1));
		KeyValue entry = expected("a", new byte[] { 'v' });
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> this.store.write(List.of(entry)));
		this.store.write(List.of(entry));
		assertThat(this.store.read(List.of(Key.of("a")))).containsExactly(entry);
	}

	@Test
	void aKeyThatTheServiceRefusesIsUndoneAndTheOthersGo() {
		List<KeyEntry> entries = this.simulated.fill(20);
		this.simulated.service().refuse("k000013");
		DeleteResult result = this.store.delete(entries);
		assertThat(result.undone()).containsExactly(Key.of("k000013"));
		assertThat(result.cause()).isInstanceOf(UnsuccessfulKeysException.class);
		assertThat(this.simulated.left()).containsExactly("k000013");
	}

	@Test
	void ofAnyFaultWhatIsCalledDeletedIsGoneAndWhatIsCalledUndoneIsThere() {
		List<Fault> faults = List.of(Fault.throttled(3), Fault.error(500, 10001), Fault.errorAfter(503, 10001, 1),
				Fault.errorAfter(500, 10001, 0.5), Fault.timeout(0.5), Fault.bulkBusy(), Fault.unsuccessful(200, 0.5),
				Fault.unsuccessful(400, 0.5), Fault.unsuccessful(500, 0.9), Fault.dropped(0), Fault.dropped(1),
				Fault.cut(), Fault.garbage(200, 1), Fault.garbage(500, 0), Fault.garbage(413, 0));
		for (Fault fault : faults) {
			List<KeyEntry> entries = this.simulated.fill(200);
			this.simulated.service().failNext(Call.BULK_DELETE, 1, fault);
			DeleteResult result = this.store.delete(entries);
			List<Key> left = this.simulated.left().stream().map(Key::of).toList();
			assertThat(left).as("%s", fault).containsAll(result.undone());
			assertThat(result.deleted()).as("%s", fault).noneMatch(left::contains);
			assertThat(result.deleted().size() + result.undone().size() + result.doubtful().size()).isEqualTo(200);
		}
	}

}
