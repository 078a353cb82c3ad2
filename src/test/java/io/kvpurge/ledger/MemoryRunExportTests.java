package io.kvpurge.ledger;

import java.time.Clock;

/** The contract once more, in memory: so fast that each mutant can be judged by it. */
class MemoryRunExportTests extends RunExportContract {

	@Override
	LedgerDatabase open(Clock clock) {
		return MemoryLedger.open(clock);
	}

}
