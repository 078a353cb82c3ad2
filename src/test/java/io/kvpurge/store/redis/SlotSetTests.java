package io.kvpurge.store.redis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SlotSetTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "16383", "0-16383", "0-1,3,5-7,16380-16383" })
	void comesBackFromItsText(String text) {
		assertThat(SlotSet.parse(text)).hasToString(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "16384", "-1", "3-1", "1-2-3", "a", "1,,2" })
	void whatIsNoSlotIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> SlotSet.parse(text));
	}

	@Test
	void setsAreAddedAndTakenAway() {
		SlotSet some = SlotSet.parse("0-10,20");
		assertThat(some.and(SlotSet.parse("11,20-21"))).hasToString("0-11,20-21");
		assertThat(some.without(SlotSet.parse("0-5,20"))).hasToString("6-10");
		assertThat(some.within(SlotSet.parse("10-30"))).hasToString("10,20");
		assertThat(some.within(SlotSet.parse("30"))).isEqualTo(SlotSet.NONE);
	}

	/** The example of Redis' own description: 123456789 has the sum 0x31C3. */
	@Test
	void aKeyHasTheSlotThatRedisGivesIt() {
		assertThat(SlotSet.of(0x31C3 % 16_384, 0x31C3 % 16_384).contains(Key.of("123456789"))).isTrue();
		assertThat(SlotSet.of(0x31C3 % 16_384, 0x31C3 % 16_384).contains(Key.of("any{123456789}thing"))).isTrue();
	}

}
