package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.store.memory.MemoryStore;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class RunOwnershipTests {

	/** On a slow machine a proof may come between the seal and the end of the attempt. */
	@Test
	void aProofAfterTheSealLosesNothingUnlessSomebodyElseSealed(@TempDir Path folder) {
		MemoryStore store = new MemoryStore("owned", Clock.systemUTC());
		store.write(PurgeTester.entries(30));
		PurgeTester tester = new PurgeTester(folder);
		PurgeRun run = tester.run(store, PurgeTester.everyThird(1)).run();
		tester.ledger((ledger) -> {
			for (long fence : new long[] { run.fence(), run.fence() + 1 }) {
				try (RunOwnership ownership = new RunOwnership(ledger::prove, new RunFence(run.id(), fence),
						new StopSignal(), Clock.systemUTC())) {
					assertThatExceptionOfType(FencedException.class).isThrownBy(ownership::check);
					if (fence == run.fence()) {
						assertThatNoException().isThrownBy(() -> ownership.throwIfLost(run));
					}
					else {
						assertThatExceptionOfType(FencedException.class).isThrownBy(() -> ownership.throwIfLost(run));
					}
				}
			}
			return null;
		});
	}

}
