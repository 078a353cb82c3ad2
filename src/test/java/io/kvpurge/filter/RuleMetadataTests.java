package io.kvpurge.filter;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Metadata;
import io.kvpurge.store.Unreadable;

import static org.assertj.core.api.Assertions.assertThat;

class RuleMetadataTests extends RuleKit {

	private static final Metadata NULL = Metadata.of(null);

	private static final List<Metadata> NO_OBJECTS = List.of(NULL, Metadata.of("text"), Metadata.of(3L),
			Metadata.of(1.5), Metadata.of(true), Metadata.of(List.of("x")));

	@Test
	void fieldIsComparedByNameAndByIndex() {
		Metadata metadata = Metadata.of(Map.of("tag", "product-7", "cache-tag", "product-7"));
		assertThat(decide("metadata.tag == params.tag", metadata)).isEqualTo(Decision.MATCHED);
		assertThat(decide("metadata['cache-tag'] == params.tag", metadata)).isEqualTo(Decision.MATCHED);
		assertThat(decide("metadata['cache-tag'] == 'other'", metadata)).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void missingFieldIsUndecidedAndNamed() {
		assertThat(decide("metadata.x == 1", Metadata.of(Map.of("y", 1L))))
			.isEqualTo(undecided("metadata.x is missing"));
		assertThat(decide("metadata['a-b'] == 1", Metadata.of(Map.of())))
			.isEqualTo(undecided("metadata.a-b is missing"));
		assertThat(decide("metadata.a.b == 'c'", Metadata.of(Map.of("a", Map.of()))))
			.isEqualTo(undecided("metadata.a.b is missing"));
		assertThat(decide("metadata.a.b == 'c'", Metadata.of(Map.of()))).isEqualTo(undecided("metadata.a is missing"));
		assertThat(decide("metadata['a']['b'] == 'c'", Metadata.of(Map.of("a", Map.of()))))
			.isEqualTo(undecided("metadata.a.b is missing"));
	}

	@Test
	void reasonHoldsNoDataEvenWhereTheFieldIsNamedByData() {
		assertThat(decide("metadata[key] == 1", Metadata.of(Map.of("y", 1L))))
			.isEqualTo(undecided("a metadata field is missing"));
	}

	@Test
	void absentMetadataIsAnEmptyObject() {
		assertThat(decide("metadata.x == 1", Metadata.ABSENT)).isEqualTo(undecided("metadata.x is missing"));
		assertThat(decide("has(metadata.x)", Metadata.ABSENT)).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("size(metadata) == 0", Metadata.ABSENT)).isEqualTo(Decision.MATCHED);
		assertThat(decide("metadata == null", Metadata.ABSENT)).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void jsonNullIsNull() {
		assertThat(decide("metadata == null", NULL)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x == null", null)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("has(metadata.x)", null)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x == 1", null)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.x > 1", null).verdict()).isEqualTo(Verdict.UNDECIDED);
		assertThat(decideX("null in metadata.x", Arrays.asList("a", null))).isEqualTo(Decision.MATCHED);
	}

	@Test
	void nullInOneFieldLeavesTheOthersDecidable() {
		Map<String, Object> fields = new HashMap<>(Map.of("tag", "product-7"));
		fields.put("owner", null);
		assertThat(decide("metadata.tag == params.tag", Metadata.of(fields))).isEqualTo(Decision.MATCHED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "metadata.x == 1", "metadata['x'] == 1", "has(metadata.x)", "!has(metadata.x)",
			"metadata.x != 1" })
	void whatIsNoObjectIsUndecided(String rule) {
		assertThat(NO_OBJECTS)
			.allSatisfy((metadata) -> assertThat(decide(rule, metadata).verdict()).isEqualTo(Verdict.UNDECIDED));
	}

	@Test
	void fieldIsNullWhereAnythingOnTheWayIsMissing() {
		String rule = "metadata.field('a.b') == null";
		assertThat(decide(rule, Metadata.of(Map.of("a", Map.of("b", "c"))))).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("metadata.field('a.b') == 'c'", Metadata.of(Map.of("a", Map.of("b", "c")))))
			.isEqualTo(Decision.MATCHED);
		assertThat(decide(rule, Metadata.of(Map.of("a", Map.of())))).isEqualTo(Decision.MATCHED);
		assertThat(decide(rule, Metadata.of(Map.of("a", "text")))).isEqualTo(Decision.MATCHED);
		assertThat(decide(rule, Metadata.ABSENT)).isEqualTo(Decision.MATCHED);
		assertThat(NO_OBJECTS).allSatisfy((metadata) -> assertThat(decide(rule, metadata)).isEqualTo(Decision.MATCHED));
		assertThat(decide("metadata.field('pinned') == true", Metadata.ABSENT)).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void holdsLooksAnywhereInside() {
		Metadata deep = Metadata.of(Map.of("a", List.of(Map.of("b", "needle"), 7L)));
		assertThat(decide("metadata.holds('needle')", deep)).isEqualTo(Decision.MATCHED);
		assertThat(decide("metadata.holds('need')", deep)).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("metadata.holds('a')", deep)).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("metadata.holds('text')", Metadata.of("text"))).isEqualTo(Decision.MATCHED);
		assertThat(decide("metadata.holds('x')", Metadata.ABSENT)).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("metadata.holds('x')", NULL)).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void holdsComparesNumbersByTheirExactValue() {
		assertThat(decideX("metadata.holds(7)", 7.0)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.holds(7.0)", 7L)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.holds(params.count)", 7L)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.holds(7)", "7")).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.holds(1.0 / 0.0)", Double.POSITIVE_INFINITY)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.holds(1.0 / 0.0)", 7L)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.holds(7)", Double.NaN)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.holds(9007199254740992)", 9007199254740993L)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.holds(18446744073709551615u)", new BigInteger("18446744073709551615")))
			.isEqualTo(Decision.MATCHED);
	}

	@Test
	void containsOfMetadataIgnoresCaseAndThatOfTextsDoesNot() {
		assertThat(decideX("metadata.contains('NEEDLE')", List.of("a Needle!"))).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.contains('ÜBER')", "darüber")).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.contains('23')", 1234L)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.contains('TRUE')", true)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.contains('2026')", Instant.parse("2026-01-01T00:00:00Z")))
			.isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.contains('y')", List.of("x"))).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.contains('y')", "x")).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.x.contains('NEEDLE')", "needle")).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.x.contains('eed')", "needle")).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x.contains('1')", 1L).verdict()).isEqualTo(Verdict.UNDECIDED);
		assertThat(decide("key.contains('PAGE')", Metadata.ABSENT)).isEqualTo(Decision.UNMATCHED);
		assertThat(decide("key.contains('age')", Metadata.ABSENT)).isEqualTo(Decision.MATCHED);
	}

	@Test
	void containsFindsNoTextInNull() {
		assertThat(decide("metadata.contains('null')", NULL)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.contains('null')", null)).isEqualTo(Decision.UNMATCHED);
	}

	@Test
	void tagsSplitsACommaList() {
		assertThat(decideX("params.tag in tags(metadata.x)", " a ,product-7,, b")).isEqualTo(Decision.MATCHED);
		assertThat(decideX("tags(metadata.x) == ['a', 'b']", ",a, b ,")).isEqualTo(Decision.MATCHED);
		assertThat(decideX("size(tags(metadata.x)) == 0", " , ")).isEqualTo(Decision.MATCHED);
		assertThat(decideX("'a' in tags(metadata.x)", List.of("a")).verdict()).isEqualTo(Verdict.UNDECIDED);
	}

	@Test
	void numbersOfAllKindsCompare() {
		assertThat(decideX("metadata.x == 1", 1.0)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x > 1", 2.5)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x > 1.5", 2L)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x > 1u", 2L)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x == 1", "1")).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.x > 1", "2"))
			.isEqualTo(undecided("a value has another type than the rule expects"));
		assertThat(decideX("int(metadata.x) > 3", "4")).isEqualTo(Decision.MATCHED);
		assertThat(decideX("int(metadata.x) > 3", "many"))
			.isEqualTo(undecided("a value cannot be converted to what the rule expects"));
	}

	@Test
	void numbersBeyondALongCompareAsUnsignedAndBeyondThatAreUndecided() {
		BigInteger unsigned = new BigInteger("10000000000000000000");
		assertThat(decideX("metadata.x == 10000000000000000000u", unsigned)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x != 10000000000000000000u", unsigned)).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.x > 5", unsigned)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x > 5", unsigned.pow(2)).verdict()).isEqualTo(Verdict.UNDECIDED);
		assertThat(decideX("metadata.x > 5", unsigned.negate()).verdict()).isEqualTo(Verdict.UNDECIDED);
		assertThat(decideX("metadata.x == 5", unsigned.pow(2))).isEqualTo(Decision.UNMATCHED);
		assertThat(decideX("metadata.x[0] == 18446744073709551615u",
				List.of(BigInteger.TWO.pow(64).subtract(BigInteger.ONE))))
			.isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x[0][0] == null", List.of(Arrays.asList((Object) null))))
			.isEqualTo(Decision.MATCHED);
	}

	@Test
	void overflowAndDivisionByZeroAreUndecided() {
		assertThat(decideX("metadata.x + 9223372036854775807 > 0", 1L).verdict()).isEqualTo(Verdict.UNDECIDED);
		assertThat(decideX("metadata.x / 0 == 1", 1L).verdict()).isEqualTo(Verdict.UNDECIDED);
	}

	@Test
	void whatCannotBeReadIsUndecidedOnlyIfTheRuleAsksForIt() {
		Metadata unreadable = Metadata.of(Unreadable.VALUE);
		assertThat(decide("metadata.x == 1", unreadable)).isEqualTo(undecided("the metadata cannot be read"));
		assertThat(decide("metadata.field('x') != 1", unreadable)).isEqualTo(undecided("the metadata cannot be read"));
		assertThat(decide("key == 'page/1'", unreadable)).isEqualTo(Decision.MATCHED);
		assertThat(
				List.of("metadata.x != 'a'", "has(metadata.x)", "metadata.field('x') == null", "!metadata.holds('a')"))
			.allSatisfy((rule) -> assertThat(decideX(rule, Unreadable.VALUE))
				.isEqualTo(undecided("a metadata field cannot be read")));
	}

	/** Anybody who may write an entry could otherwise end every run. */
	@Test
	void metadataNestedBeyondTheStackIsUndecidedOrHeld() {
		Object nested = 7L;
		for (int depth = 0; depth < 100_000; depth++) {
			nested = List.of(nested);
		}
		Metadata deep = x(nested);
		assertThat(List.of("metadata.holds(7)", "metadata.contains('7')", "metadata.x == 1"))
			.allSatisfy((rule) -> assertThat(decide(rule, deep))
				.isEqualTo(undecided("the rule fails on the entry (StackOverflowError)")));
		assertThat(filter("all", "metadata.holds(7)").decide(entry("page/1", deep)).verdict()).isEqualTo(Verdict.HELD);
		assertThat(decide("key == 'page/1'", deep)).isEqualTo(Decision.MATCHED);
	}

	@Test
	void valueThatIsNoBooleanIsUndecidedAsACondition() {
		assertThat(decideX("metadata.x", true)).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x", "true")).isEqualTo(undecided("the rule comes to neither true nor false"));
	}

	@Test
	void listsAndObjectsCanBeSearched() {
		assertThat(decideX("'a' in metadata.x", List.of("b", "a"))).isEqualTo(Decision.MATCHED);
		assertThat(decideX("'a' in metadata.x", Map.of("a", 1L))).isEqualTo(Decision.MATCHED);
		assertThat(decideX("'a' in metadata.x", "a").verdict()).isEqualTo(Verdict.UNDECIDED);
		assertThat(decideX("metadata.x.exists(t, t.startsWith('a'))", List.of("b", "ab"))).isEqualTo(Decision.MATCHED);
		assertThat(decideX("metadata.x[0] == 1", List.of()).verdict()).isEqualTo(Verdict.UNDECIDED);
	}

}
