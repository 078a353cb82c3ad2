package io.kvpurge.filter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ParameterTypeTests {

	@Test
	void textsBecomeValues() {
		assertThat(ParameterType.STRING.value(List.of("a b"))).isEqualTo("a b");
		assertThat(ParameterType.INT.value(List.of("-7"))).isEqualTo(-7L);
		assertThat(ParameterType.DURATION.value(List.of("30d"))).isEqualTo(Duration.ofDays(30));
		assertThat(ParameterType.TIMESTAMP.value(List.of("2026-01-31T00:00:00Z")))
			.isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
		assertThat(ParameterType.LIST.value(List.of("a", "b"))).isEqualTo(List.of("a", "b"));
		assertThat(ParameterType.LIST.value(List.of("a"))).isEqualTo(List.of("a"));
	}

	@ParameterizedTest
	@EnumSource
	void emptyIsRefused(ParameterType type) {
		assertThatIllegalArgumentException().isThrownBy(() -> type.value(List.of()))
			.withMessageStartingWith("is empty");
		assertThatIllegalArgumentException().isThrownBy(() -> type.value(List.of("")))
			.withMessageStartingWith("is empty");
	}

	@Test
	void emptyPartOfAListIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ParameterType.LIST.value(List.of("a", "")))
			.withMessage("is empty: expected one or more texts");
	}

	@ParameterizedTest
	@CsvSource({ "INT,seven,a whole number", "INT,9223372036854775808,a whole number", "DURATION,30 days,a duration",
			"DURATION,99999999999999999999d,a duration", "DURATION,9223372036854775807d,a duration",
			"TIMESTAMP,2026-01-31,a time such as" })
	void whatIsNoSuchValueIsNamedWithWhatWasExpected(ParameterType type, String text, String expected) {
		assertThatIllegalArgumentException().isThrownBy(() -> type.value(List.of(text)))
			.withMessageStartingWith("is '" + text + "': expected " + expected);
	}

	@Test
	void onlyAListMayBeGivenTwice() {
		assertThatIllegalArgumentException().isThrownBy(() -> ParameterType.STRING.value(List.of("a", "b")))
			.withMessage("is given 2 times: expected a text");
	}

	@ParameterizedTest
	@CsvSource({ "1h30m,PT1H30M", "1d12h,PT36H", "90s,PT1M30S", "250ms,PT0.25S", "5m,PT5M", "PT20M,PT20M", "0s,PT0S" })
	void durationsAreRead(String text, Duration duration) {
		assertThat(ParameterType.duration(text)).isEqualTo(duration);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "5", "m", "5m1h", "-5m", "1.5h", "5 m" })
	void whatIsNoDurationIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> ParameterType.duration(text)).withMessageContaining(text);
	}

	@ParameterizedTest
	@EnumSource
	void typeIsFoundByItsName(ParameterType type) {
		assertThat(ParameterType.of(type.toString())).isSameAs(type);
	}

	@Test
	void unknownNameHasNoType() {
		assertThat(ParameterType.of("STRING")).isNull();
		assertThat(ParameterType.of("bool")).isNull();
	}

}
