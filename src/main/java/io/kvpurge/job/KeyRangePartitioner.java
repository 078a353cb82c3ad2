package io.kvpurge.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.infrastructure.item.ExecutionContext;

import io.kvpurge.ledger.LedgerRange;

/**
 * Names a partition for each range that the ledger has: the same ones at every restart,
 * whatever the number of threads is by then. (The framework asks again at each restart,
 * and drops without a word what is no longer named.)
 */
final class KeyRangePartitioner implements Partitioner {

	private final RunSetup run;

	KeyRangePartitioner(RunSetup run) {
		this.run = run;
	}

	@Override
	public Map<String, ExecutionContext> partition(int gridSize) {
		List<LedgerRange> ranges = this.run.ledger().ranges(this.run.fence().run());
		if (ranges.isEmpty()) {
			throw new IllegalStateException("run " + this.run.fence().run() + " was not split");
		}
		Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
		ranges.forEach((range) -> partitions.put(range.name(), new ExecutionContext()));
		return partitions;
	}

}
