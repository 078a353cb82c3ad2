package io.kvpurge.ledger;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contracts once more, in memory: so fast that each mutant of the ledger can be
 * judged by all of them.
 */
class MemoryLedgerTests {

	@Nested
	class Deletions extends DeletionLedgerContract {

		@Override
		LedgerDatabase open(Clock clock) {
			return MemoryLedger.open(clock);
		}

		@Test
		void callsBeyondAThousandAreSealedAndShown() {
			RunFence fence = beginWithRanges("cache", 1);
			for (int i = 1; i <= 1001; i++) {
				this.ledger.announce(fence, 1, keys("k" + i));
			}
			this.ledger.seal(fence, RunState.SUPERSEDED, "given up");
			assertIntact(this.ledger.verify(fence.run()), 1, 1001);
			List<Integer> shown = new ArrayList<>();
			this.ledger.callSummaries(fence.run(), (call) -> shown.add(call.sequence()));
			assertThat(shown).hasSize(1001).isSorted().endsWith(1001);
		}

	}

	@Nested
	class Verifications extends LedgerVerifierContract {

		@Override
		LedgerDatabase open(Clock clock) {
			return MemoryLedger.open(clock);
		}

	}

	@Nested
	class Prunings extends LedgerPruningContract {

		@Override
		LedgerDatabase open(Clock clock) {
			return MemoryLedger.open(clock);
		}

	}

}
