package io.kvpurge.filter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.NullValue;
import org.junit.jupiter.api.Test;

import io.kvpurge.store.Unreadable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Most metadata need no change for CEL; a rule looks at millions of them. */
class MetadataValuesTests {

	private static final BigInteger TWO_TO_THE_64TH = BigInteger.ONE.shiftLeft(64);

	@Test
	void whatNeedsNoChangeIsNotCopied() {
		for (Object value : List.of("text", 7L, 1.5, true, Map.of(), List.of(), Map.of("a", List.of(Map.of("b", 1L))),
				List.of(Map.of("a", "b"), List.of(1L, 2.5, false)))) {
			assertThat(MetadataValues.of(value, null)).isSameAs(value);
		}
	}

	@Test
	void nullsAndLargeNumbersAreChangedWhereverTheyAre() {
		assertThat(MetadataValues.of(Map.of("a", List.of(Arrays.asList("b", null)), "c", 1L), null))
			.isEqualTo(Map.of("a", List.of(List.of("b", NullValue.NULL_VALUE)), "c", 1L));
		assertThat(MetadataValues.of(List.of(Map.of("a", BigInteger.TEN), 1L), null))
			.isEqualTo(List.of(Map.of("a", UnsignedLong.valueOf(10)), 1L));
	}

	@Test
	void wholeNumbersAreUnsignedAsFarAsThatReaches() {
		assertThat(MetadataValues.of(BigInteger.ZERO, null)).isEqualTo(UnsignedLong.ZERO);
		assertThat(MetadataValues.of(TWO_TO_THE_64TH.subtract(BigInteger.ONE), null)).isEqualTo(UnsignedLong.MAX_VALUE);
		for (BigInteger beyond : List.of(TWO_TO_THE_64TH, BigInteger.ONE.negate())) {
			assertThat(MetadataValues.of(beyond, null)).isSameAs(beyond);
		}
	}

	@Test
	void onlyFieldsThatAreNamedAreHandedOn() {
		Map<String, Object> fields = new HashMap<>(Map.of("a", 1L, "b", List.of(), "c", "text"));
		fields.put("d", null);
		assertThat(MetadataValues.of(fields, Set.of("a", "d", "e")))
			.isEqualTo(Map.of("a", 1L, "d", NullValue.NULL_VALUE));
		assertThat(MetadataValues.of(List.of(1L), Set.of("a"))).isEqualTo(List.of(1L));
	}

	@Test
	void aFieldThatCannotBeReadIsMissedThoughNobodyNamesIt() {
		assertThatExceptionOfType(UndecidableException.class)
			.isThrownBy(() -> MetadataValues.of(Map.of("a", 1L, "b", Unreadable.VALUE), Set.of("a")));
	}

	@Test
	void numbersBeyondADoubleAreHeldByTheirValueToo() {
		assertThat(RuleFunctions.holds(new BigDecimal("1e400"), new BigDecimal("10e399"))).isTrue();
	}

}
