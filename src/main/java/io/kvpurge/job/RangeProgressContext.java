package io.kvpurge.job;

import org.springframework.batch.infrastructure.item.ExecutionContext;

import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.store.Key;

/**
 * Shows a range's progress in its step's execution context, for those who read the job
 * repository. Nothing is read back from there.
 */
final class RangeProgressContext {

	private RangeProgressContext() {
	}

	static void put(ExecutionContext context, RangeProgress progress) {
		context.putLong("listed", progress.counts().listed());
		context.putLong("matched", progress.counts().matched());
		context.putLong("deleted", progress.counts().deleted());
		Key lastKey = progress.position().lastKey();
		if (progress.position().cursor() != null) {
			context.putString("cursor", progress.position().cursor().value());
		}
		context.putString("lastKey", (lastKey != null) ? lastKey.toString() : "");
		context.putString("done", Boolean.toString(progress.done()));
	}

}
