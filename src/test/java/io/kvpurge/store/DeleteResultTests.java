package io.kvpurge.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DeleteResultTests {

	private static final StoreException CAUSE = new StoreException("no");

	private static final DeleteResult MIXED = new DeleteResult(List.of(Key.of("d")), List.of(Key.of("v")),
			List.of(Key.of("s")), Map.of(Key.of("r"), "locked"), List.of(Key.of("u")), List.of(Key.of("?")), CAUSE);

	@Test
	void undoneAndDoubtfulKeysNeedACause() {
		List<Key> key = List.of(Key.of("a"));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new DeleteResult(List.of(), List.of(), List.of(), Map.of(), key, List.of(), null));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new DeleteResult(List.of(), List.of(), List.of(), Map.of(), List.of(), key, null));
	}

	@Test
	void resultsOfTwoCallsAreJoinedInOrder() {
		DeleteResult later = new DeleteResult(List.of(Key.of("d2")), List.of(), List.of(Key.of("s2")),
				Map.of(Key.of("r2"), "gone wrong"), List.of(), List.of(), null);
		DeleteResult both = MIXED.and(later);
		assertThat(both.deleted()).containsExactly(Key.of("d"), Key.of("d2"));
		assertThat(both.vanished()).containsExactly(Key.of("v"));
		assertThat(both.spared()).containsExactly(Key.of("s"), Key.of("s2"));
		assertThat(both.refused()).containsOnly(Map.entry(Key.of("r"), "locked"),
				Map.entry(Key.of("r2"), "gone wrong"));
		assertThat(both.cause()).isSameAs(CAUSE);
	}

	@Test
	void theLaterCauseIsKept() {
		StoreException later = new StoreException("later");
		assertThat(MIXED.and(DeleteResult.allUndone(List.of(Key.of("x")), later)).cause()).isSameAs(later);
	}

	@Test
	void withoutUndoneKeysTheCauseStaysOnlyForDoubtfulOnes() {
		assertThat(MIXED.withoutUndone().undone()).isEmpty();
		assertThat(MIXED.withoutUndone().doubtful()).containsExactly(Key.of("?"));
		assertThat(MIXED.withoutUndone().cause()).isSameAs(CAUSE);
		assertThat(DeleteResult.allUndone(List.of(Key.of("u")), CAUSE).withoutUndone())
			.isEqualTo(DeleteResult.allDeleted(List.of()));
	}

	@Test
	void aResultDoesNotFollowTheListThatItWasMadeOf() {
		List<Key> keys = new ArrayList<>(List.of(Key.of("a")));
		DeleteResult result = DeleteResult.allDeleted(keys);
		keys.clear();
		assertThat(result.deleted()).containsExactly(Key.of("a"));
	}

}
