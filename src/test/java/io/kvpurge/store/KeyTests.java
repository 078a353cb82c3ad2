package io.kvpurge.store;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class KeyTests {

	@Test
	void keysAreOrderedByUnsignedBytesAndNotAsStringsAre() {
		String belowSurrogates = "\uFFFD";
		String aboveThem = "\uD83D\uDE00";
		assertThat(belowSurrogates.compareTo(aboveThem)).isPositive();
		assertThat(Key.of(belowSurrogates)).isLessThan(Key.of(aboveThem));
		assertThat(Key.of("a")).isLessThan(Key.of(new byte[] { (byte) 0xff }));
		assertThat(Key.of("a")).isLessThan(Key.of("aa"));
	}

	@Test
	void keysAreEqualWhenTheirBytesAre() {
		assertThat(Key.of("\u00fc")).isEqualTo(Key.of(new byte[] { (byte) 0xc3, (byte) 0xbc }))
			.hasSameHashCodeAs(Key.of(new byte[] { (byte) 0xc3, (byte) 0xbc }))
			.isNotEqualTo(Key.of("u\u0308"));
	}

	@Test
	void theBytesAreTheKeysOwn() {
		byte[] bytes = { 'a', 'b' };
		Key key = Key.of(bytes);
		bytes[0] = 'x';
		key.bytes()[1] = 'x';
		assertThat(key).isEqualTo(Key.of("ab"));
	}

	@Test
	void anUnpairedSurrogateIsNoKey() {
		assertThatIllegalArgumentException().isThrownBy(() -> Key.of("a\uD83D")).withMessageContaining("surrogate");
		assertThat(Key.of("\uD83D\uDE00").length()).isEqualTo(4);
	}

	@Test
	void bytesThatAreNoTextHaveNoText() {
		Key key = Key.of(new byte[] { (byte) 0xff, 0 });
		assertThat(key.isText()).isFalse();
		assertThat(key).hasToString("base64:/wA=");
		assertThat(Key.ofBase64(key.base64())).isEqualTo(key);
		assertThatIllegalStateException().isThrownBy(key::text);
	}

	@Test
	void prefixesAreComparedByteByByte() {
		assertThat(Key.of("abc").startsWith(Key.of("ab"))).isTrue();
		assertThat(Key.of("abc").startsWith(Key.of(""))).isTrue();
		assertThat(Key.of("ab").startsWith(Key.of("abc"))).isFalse();
		assertThat(Key.of("\u00e9").startsWith(Key.of(new byte[] { (byte) 0xc3 }))).isTrue();
	}

	@Test
	void resultsOfSeveralCallsAddUp() {
		StoreException cause = new StoreException("why");
		DeleteResult both = DeleteResult.allDeleted(List.of(Key.of("a")))
			.and(DeleteResult.allUndone(List.of(Key.of("b")), cause))
			.and(DeleteResult.allDoubtful(List.of(Key.of("c")), cause));
		assertThat(both.deleted()).containsExactly(Key.of("a"));
		assertThat(both.undone()).containsExactly(Key.of("b"));
		assertThat(both.doubtful()).containsExactly(Key.of("c"));
		assertThat(both.withoutUndone().undone()).isEmpty();
		assertThat(both.withoutUndone().cause()).isSameAs(cause);
	}

	@Test
	void undoneOrDoubtfulKeysNeedACause() {
		assertThatIllegalArgumentException().isThrownBy(() -> DeleteResult.allUndone(List.of(Key.of("a")), null));
	}

	@Test
	void neitherValuesNorOptionsShowWhatTheyHold() {
		assertThat(Value.of("secret")).hasToString("Value[6 bytes]");
		assertThat(new StoreOptions(java.util.Map.of("password", List.of("secret"))))
			.hasToString("StoreOptions[password]");
	}

}
