package io.kvpurge.store.jsonl;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonValuesTests {

	@Test
	void integersAreLongsHoweverSmall() {
		assertThat(JsonValues.parse("[1,{\"n\":-2}]")).isEqualTo(List.of(1L, Map.of("n", -2L)));
	}

	@Test
	void anIntegerBeyondALongIsExactAndLeavesTheOthersWhatTheyAre() {
		assertThat(JsonValues.parse("{\"big\":9223372036854775808,\"small\":1,\"half\":0.5}"))
			.isEqualTo(Map.of("big", new BigInteger("9223372036854775808"), "small", 1L, "half", 0.5));
	}

	@Test
	void whatFollowsTheValueIsAnError() {
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> JsonValues.parse("{} {}"));
	}

}
