package io.kvpurge.store.cloudflare;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.Unreadable;
import io.kvpurge.testkit.Spoiled;
import io.kvpurge.testkit.Trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Answers of the service with changes at random places: each is understood, or refused as
 * a failure of the store; no key counts twice, and none is left out.
 */
class SpoiledAnswerTests {

	private static final List<String> GOOD = List.of(
			"""
					{"result": [{"name": "a", "metadata": {"t": [1, 2.5, null, "größe"], "n": 1e-300}, "expiration": 1893456000},
					{"name": "b/\\u00e9"}], "success": true, "errors": [], "messages": [],
					"result_info": {"count": 2, "cursor": "abc"}}""",
			"""
					{"result": {"successful_key_count": 2, "unsuccessful_keys": ["c"]}, "success": true, "errors": [],
					"messages": []}""",
			"""
					{"success": false, "result": null, "messages": [], "errors": [{"code": 10046, "message": "too many"}]}""",
			"""
					{"success": true, "result": {"values": {"a": {"value": "x", "metadata": {"n": 1234567890.5e-12}},
					"b": null}}, "errors": []}""");

	private static final List<KeyEntry> KEYS = List.of(KeyEntry.of(Key.of("a")), KeyEntry.of(Key.of("b")),
			KeyEntry.of(Key.of("c")));

	private static final int[] STATUSES = { 200, 200, 200, 400, 403, 404, 413, 429, 500, 503, 524 };

	private static byte[] any(Random random) {
		return Spoiled.bytes(random, GOOD.get(random.nextInt(GOOD.size())), GOOD.get(random.nextInt(GOOD.size())));
	}

	@Test
	void isUnderstoodOrTakenForNone() {
		Trials.of(3000, (random) -> {
			byte[] body = any(random);
			ListPage page = ListPage.parse(body);
			if (page != null) {
				assertThat(page.entries()).allMatch((entry) -> entry.key().isText());
			}
			Envelope.parse(body, random.nextBoolean());
		});
	}

	/**
	 * A number of metadata is anybody's choice: one that nothing holds spoils its entry
	 * only.
	 */
	@Test
	void aNumberThatNothingHoldsIsUnreadableAndTheRestIsNot() {
		Envelope envelope = Envelope.parse("""
				{"success": true, "result": [1e-9999999999, 1e9999999999, 7, 1e-999]}"""
			.getBytes(StandardCharsets.UTF_8), true);
		assertThat(envelope).isNotNull();
		assertThat(envelope.result())
			.isEqualTo(List.of(Unreadable.VALUE, Unreadable.VALUE, 7L, new BigDecimal("1e-999")));
	}

	@Test
	void anExpirationIsNoReasonToFillTheMemory() {
		assertThat(Json.expiration(new BigDecimal("1e-999999999"))).isEqualTo(Instant.EPOCH);
		assertThat(Json.expiration(1.893456e9)).isEqualTo(Instant.ofEpochSecond(1_893_456_000));
		for (Object beyond : List.of(new BigDecimal("1e999999999"), new BigInteger("9".repeat(30)), 1e300,
				Long.MAX_VALUE)) {
			assertThatIllegalArgumentException().isThrownBy(() -> Json.expiration(beyond));
		}
	}

	@Test
	void everyKeyOfADeleteIsSpokenOfOnceAndOnlyStoreExceptionsLeaveTheClient() {
		try (ScriptedService service = new ScriptedService(); KeyValueStore store = service.open()) {
			Trials.of(150, (random) -> {
				int status = STATUSES[random.nextInt(STATUSES.length)];
				String body = new String(any(random), StandardCharsets.UTF_8);
				service.reply(status, body);
				try {
					if (random.nextBoolean()) {
						store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10);
					}
					else {
						assertThat(spokenOf(store.delete(KEYS))).containsExactlyInAnyOrder(Key.of("a"), Key.of("b"),
								Key.of("c"));
					}
				}
				catch (StoreException ex) {
					assertThat(ex.getMessage()).isNotBlank().doesNotContain("secret-token");
				}
				store.takeRateLimit();
			});
		}
	}

	@Test
	void valuesAndMetadataAreReadOrOnlyStoreExceptionsLeaveTheClient() {
		try (ScriptedService service = new ScriptedService(); KeyValueStore store = service.open()) {
			Trials.of(150, (random) -> {
				service.reply(STATUSES[random.nextInt(STATUSES.length)],
						new String(any(random), StandardCharsets.UTF_8));
				try {
					store.readStored(List.of(Key.of("a"), Key.of("b")));
				}
				catch (StoreException ex) {
					assertThat(ex.getMessage()).isNotBlank();
				}
			});
		}
	}

	private static List<Key> spokenOf(DeleteResult result) {
		List<Key> keys = new ArrayList<>(result.deleted());
		keys.addAll(result.vanished());
		keys.addAll(result.spared());
		keys.addAll(result.undone());
		keys.addAll(result.doubtful());
		keys.addAll(Map.copyOf(result.refused()).keySet());
		return keys;
	}

}
