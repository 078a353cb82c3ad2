package io.kvpurge.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The small values of the port. */
class StoreValuesTests {

	@Test
	void theTextOfAValueTellsItsLengthOnly() {
		assertThat(Value.of("s\u00e9cret")).hasToString("Value[7 bytes]");
	}

	@Test
	void valuesAreEqualByTheirBytesAndNobodyChangesThem() {
		byte[] bytes = { 'a' };
		Value value = Value.of(bytes);
		bytes[0] = 'b';
		value.bytes()[0] = 'c';
		assertThat(value).isEqualTo(Value.of("a")).hasSameHashCodeAs(Value.of("a")).isNotEqualTo(Value.of("b"));
	}

	@Test
	void nullIsMetadataAndAbsentIsNone() {
		assertThat(Metadata.of(null).isPresent()).isTrue();
		assertThat(Metadata.of(null)).isNotEqualTo(Metadata.ABSENT);
		assertThat(Metadata.ABSENT.value()).isNull();
	}

	@Test
	void metadataThatIsReadWhenAskedForIsEqualToWhatItReads() {
		Metadata read = Metadata.read(() -> new ArrayList<>(List.of("a")));
		assertThat(read).isEqualTo(Metadata.of(List.of("a"))).hasSameHashCodeAs(Metadata.of(List.of("a")));
		assertThat(read).isNotEqualTo(Metadata.of(List.of("b"))).hasToString("[a]");
		assertThat(read.value()).isNotSameAs(read.value());
	}

	@Test
	void metadataThatAreReadOnceAreReadAtMostOnce() {
		List<Object> values = new ArrayList<>(Arrays.asList(null, "never"));
		Metadata lazy = Metadata.read(() -> values.remove(0));
		Metadata once = lazy.readOnce();
		assertThat(values).hasSize(2);
		assertThat(once.value()).isNull();
		assertThat(once.value()).isNull();
		assertThat(once.isPresent()).isTrue();
		assertThat(values).containsExactly("never");
		assertThat(once.readOnce()).isSameAs(once);
		Metadata known = Metadata.of("a");
		assertThat(known.readOnce()).isSameAs(known);
		assertThat(Metadata.ABSENT.readOnce()).isSameAs(Metadata.ABSENT);
	}

	@Test
	void anEntryWhoseMetadataAreReadOnceIsTheSameOtherwise() {
		KeyEntry entry = new KeyEntry(Key.of("k"), Metadata.read(() -> 1L), Instant.EPOCH, null);
		assertThat(entry.withMetadataReadOnce()).isEqualTo(entry).isNotSameAs(entry);
		KeyEntry known = KeyEntry.of(Key.of("k"));
		assertThat(known.withMetadataReadOnce()).isSameAs(known);
	}

	@Test
	void theTextOfOptionsNamesThemAndHidesTheirValues() {
		assertThat(new StoreOptions(Map.of("password", List.of("hunter2")))).hasToString("StoreOptions[password]");
	}

	@Test
	void aMissingOptionIsNamed() {
		StoreOptions options = new StoreOptions(Map.of("a", List.of("1", "2"), "none", List.of()));
		assertThat(options.text("a")).isEqualTo("1");
		assertThat(options.list("a")).containsExactly("1", "2");
		assertThat(options.optionalText("b")).isNull();
		assertThat(options.list("b")).isEmpty();
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> options.text("none"))
			.withMessage("store: 'none' is missing");
	}

	@Test
	void limitsBelowOneAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> StoreCapabilities.of(0, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> StoreCapabilities.of(1, 0));
	}

	@Test
	void onlyAStoreThatComparesPromisesThatRewrittenEntriesLive() {
		assertThat(StoreCapabilities.of(1, 1, StoreCapability.CONDITIONAL_DELETE).guarantee())
			.isEqualTo(Guarantee.COMPARE_AND_DELETE);
		assertThat(StoreCapabilities.of(1, 1).guarantee()).isEqualTo(Guarantee.LIST_THEN_DELETE);
	}

	@Test
	void anEmptyCursorIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(""));
	}

}
