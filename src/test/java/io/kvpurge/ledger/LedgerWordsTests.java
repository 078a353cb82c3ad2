package io.kvpurge.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What the ledger writes into columns and hashes. */
class LedgerWordsTests {

	private static final Key BINARY = Key.of(new byte[] { -1, 0 });

	@Test
	void outcomesAreWrittenAsRuns() {
		List<KeyOutcome> outcomes = new ArrayList<>(LedgerContract.all(Outcome.DELETED, 9000));
		outcomes.addAll(LedgerContract.all(Outcome.SPARED, 3));
		outcomes.add(new KeyOutcome(Outcome.REFUSED, "a foreign key"));
		outcomes.addAll(LedgerContract.all(Outcome.DELETED, 996));
		assertThat(OutcomeCodec.text(outcomes)).isEqualTo("9000D 3S 1R 996D");
		assertThat(OutcomeCodec.reasons(outcomes)).isEqualTo(Map.of("9003", "a foreign key"));
		assertThat(OutcomeCounts.of(outcomes)).isEqualTo(new OutcomeCounts(9996, 0, 0, 3, 1, 0));
	}

	@Test
	void randomOutcomesComeBack() {
		for (int seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			List<KeyOutcome> outcomes = new ArrayList<>();
			for (int i = 1 + random.nextInt(300); i > 0; i--) {
				Outcome outcome = Outcome.values()[random.nextInt(6) * random.nextInt(2)];
				outcomes.add(new KeyOutcome(outcome, (outcome == Outcome.REFUSED) ? "reason " + i : null));
			}
			assertThat(OutcomeCodec.parse(OutcomeCodec.text(outcomes), OutcomeCodec.reasons(outcomes), outcomes.size()))
				.isEqualTo(outcomes);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "2", "D", "0D", "02D", "2D ", " 2D", "1D  1D", "2Z", "2d", "-2D", "1D", "3D",
			"2000000000D", "99999999999D" })
	void damagedOutcomesAreRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> OutcomeCodec.parse(text, Map.of(), 2));
	}

	@Test
	void moreOutcomesThanKeysAreNotMade() {
		assertThatIllegalArgumentException().isThrownBy(() -> OutcomeCodec.parse("1D 2D", Map.of(), 2))
			.withMessage("there are more outcomes than keys");
	}

	@Test
	void runIdIsReadAsItIsWritten() {
		assertThat(new RunId("product-cache", 7)).hasToString("product-cache.7");
		assertThat(RunId.parse("product-cache.7")).isEqualTo(new RunId("product-cache", 7));
		assertThat(RunId.parse("a.7")).isEqualTo(new RunId("a", 7));
		assertThat(RunId.parse("a.b.12")).isEqualTo(new RunId("a.b", 12));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "a.", ".7", "a.0", "a.07", "a.-1", "a.7 ", "a.1234567890", "a.x" })
	void whatIsNoRunIdIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> RunId.parse(text))
			.withMessageContaining("'" + text + "' is no run: expected NAME.N");
	}

	@Test
	void rangesAndPositionsAreReadableJson() {
		KeyRange range = new KeyRange(Key.of("größe/"), Key.of("a\"b"), BINARY);
		assertThat(LedgerJson.text(range))
			.isEqualTo("{\"prefix\":\"größe/\",\"after\":\"a\\\"b\",\"upTo64\":\"/wA=\"}");
		assertThat(LedgerJson.range(LedgerJson.text(range))).isEqualTo(range);
		assertThat(LedgerJson.text(ListingPosition.START)).isEqualTo("{}");
		ListingPosition position = new ListingPosition(new Cursor("c 1"), BINARY);
		assertThat(LedgerJson.text(position)).isEqualTo("{\"cursor\":\"c 1\",\"lastKey64\":\"/wA=\"}");
		assertThat(LedgerJson.position(LedgerJson.text(position))).isEqualTo(position);
	}

	@Test
	void aPartOfARangeAndARangeOfAllKeysComeBack() {
		KeyRange part = new KeyRange(Key.of(""), null, null, "3/8");
		assertThat(LedgerJson.range(LedgerJson.text(part))).isEqualTo(part);
		assertThat(LedgerJson.range("{}")).isEqualTo(KeyRange.of(Key.of("")));
		assertThat(new LedgerRange(new RunId("a", 1), 17, part, RangeProgress.START).name()).isEqualTo("range-00017");
	}

	@Test
	void whatWorkersAreToldComesBack() {
		for (String mark : Arrays.asList("mark", null)) {
			HandOut told = new HandOut("1.0", "name: cache", List.of(Key.of("a/"), BINARY, Key.of("")),
					Duration.ofSeconds(60), Duration.ofMillis(1500), mark);
			assertThat(LedgerJson.handOut(LedgerJson.text(told))).isEqualTo(told);
		}
		assertThat(LedgerJson.handOut("""
				{"version":"1","definition":"","protect":[{}],"maxAge":"PT1M","settleDelay":"PT0S"}""").protect())
			.as("what cannot be told protects all")
			.containsExactly(Key.of(""));
	}

	@Test
	void whatIsNoObjectHasNoTexts() {
		assertThatIllegalArgumentException().isThrownBy(() -> LedgerJson.texts("null"));
	}

	@Test
	void mapsAreWrittenInTheOrderOfTheirNames() {
		Map<String, Long> numbers = Map.of("b", 2L, "a\u0000", 1L, "ü", 3L);
		assertThat(LedgerJson.text(numbers)).isEqualTo("{\"a\\u0000\":1,\"b\":2,\"ü\":3}");
		assertThat(LedgerJson.numbers(LedgerJson.text(numbers))).isEqualTo(numbers);
		assertThat(LedgerJson.texts(LedgerJson.text(Map.of("0", "x\ny")))).isEqualTo(Map.of("0", "x\ny"));
		assertThat(LedgerJson.texts(null)).isEmpty();
	}

	@Test
	void randomKeysComeBackFromJson() {
		Random random = new Random(1);
		for (int i = 0; i < 2000; i++) {
			byte[] bytes = new byte[random.nextInt(5)];
			random.nextBytes(bytes);
			KeyRange range = new KeyRange(Key.of(bytes), Key.of(bytes), null);
			assertThat(LedgerJson.range(LedgerJson.text(range))).isEqualTo(range);
		}
	}

	@Test
	void hashIsThatOfTheBytesThatAreDocumented() {
		assertThat(CallHashes.start(new RunId("cache", 2), 3)).isEqualTo(sha256("kvpurge/range/1", "cache.2", "3"))
			.isEqualTo("fbb3367f18276846fda85faa500fd13fce61e09845829411919472b406203ef7");
	}

	private static String sha256(String... fields) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			for (String field : fields) {
				byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
				digest.update(new byte[] { 0, 0, 0, (byte) bytes.length });
				digest.update(bytes);
			}
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void noTwoListsOfFieldsHaveTheSameHash() {
		assertThat(List.of(hash().hex(), hash().add("").hex(), hash().add((String) null).hex(),
				hash().add("ab").add("c").hex(), hash().add("a").add("bc").hex(), hash().add("abc").hex(),
				hash().add("").add("abc").hex(), LedgerHash.of("y").hex(), hash().add(List.of(Key.of("a"))).hex(),
				hash().add(List.of(Key.of("a"), Key.of(""))).hex(), hash().add("a").hex()))
			.doesNotHaveDuplicates()
			.allMatch((hash) -> hash.matches("[0-9a-f]{64}"));
		assertThat(hash().add((Instant) null).hex()).isEqualTo(hash().add((String) null).hex());
		assertThat(hash().add(Instant.EPOCH).hex()).isEqualTo(hash().add("1970-01-01T00:00:00Z").hex());
		assertThat(hash().add(7).add(true).hex()).isEqualTo(hash().add("7").add("true").hex());
	}

	private static LedgerHash hash() {
		return LedgerHash.of("x");
	}

}
