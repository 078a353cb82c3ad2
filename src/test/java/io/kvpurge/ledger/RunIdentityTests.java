package io.kvpurge.ledger;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Which launch carries on with which run. */
class RunIdentityTests {

	private static final RunIdentity PURGE = of("digest", "{}", "memory:a", RunMode.PURGE, null, null);

	private static final RestoreTerms TERMS = new RestoreTerms(1, "all", false);

	private static RunIdentity of(String digest, String parameters, String store, RunMode mode, @Nullable Integer plan,
			@Nullable RestoreTerms restore) {
		return new RunIdentity("cache", digest, parameters, store, mode, Instant.EPOCH, plan, restore);
	}

	@Test
	void aLaunchCarriesOnWithWhatIsTheSameButForItsTime() {
		assertThat(PURGE.continuesAs(
				new RunIdentity("cache", "digest", "{}", "memory:a", RunMode.PURGE, Instant.EPOCH.plusSeconds(9))))
			.isTrue();
		RunIdentity applied = of("digest", "{}", "memory:a", RunMode.APPLY, 7, null);
		assertThat(applied.continuesAs(applied)).isTrue();
		RunIdentity restore = of("digest", "{}", "memory:a", RunMode.RESTORE, null, TERMS);
		assertThat(restore.continuesAs(restore)).isTrue();
		List<RunIdentity> others = List.of(applied, restore,
				new RunIdentity("other", "digest", "{}", "memory:a", RunMode.PURGE, Instant.EPOCH),
				of("other", "{}", "memory:a", RunMode.PURGE, null, null),
				of("digest", "{\"a\":1}", "memory:a", RunMode.PURGE, null, null),
				of("digest", "{}", "memory:b", RunMode.PURGE, null, null),
				of("digest", "{}", "memory:a", RunMode.PLAN, null, null));
		assertThat(others).noneMatch(PURGE::continuesAs);
		assertThat(applied.continuesAs(of("digest", "{}", "memory:a", RunMode.APPLY, 8, null))).isFalse();
		assertThat(restore
			.continuesAs(of("digest", "{}", "memory:a", RunMode.RESTORE, null, new RestoreTerms(1, "all", true))))
			.isFalse();
	}

	@Test
	void runsConcernTheSameIfParametersAndStoreAreTheSame() {
		assertThat(PURGE.concernsSameAs(of("other", "{}", "memory:a", RunMode.PLAN, null, null))).isTrue();
		assertThat(PURGE.concernsSameAs(of("digest", "{\"a\":1}", "memory:a", RunMode.PURGE, null, null))).isFalse();
		assertThat(PURGE.concernsSameAs(of("digest", "{}", "memory:b", RunMode.PURGE, null, null))).isFalse();
	}

	@Test
	void onlyWhatAppliesHasAPlanAndOnlyWhatRestoresSaysWhat() {
		for (RunMode mode : RunMode.values()) {
			if (mode != RunMode.APPLY) {
				assertThatIllegalArgumentException()
					.isThrownBy(() -> of("digest", "{}", "memory:a", mode, 7, (mode == RunMode.RESTORE) ? TERMS : null))
					.withMessageContaining("APPLY");
			}
			if (mode != RunMode.RESTORE) {
				assertThatIllegalArgumentException()
					.isThrownBy(() -> of("digest", "{}", "memory:a", mode, (mode == RunMode.APPLY) ? 7 : null, TERMS))
					.withMessageContaining("RESTORE");
			}
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> of("digest", "{}", "memory:a", RunMode.APPLY, null, null));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> of("digest", "{}", "memory:a", RunMode.RESTORE, null, null));
	}

}
