package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.store.KeyReader;
import io.kvpurge.store.TransientStoreException;

/** Looks whether what a run of the past deleted is gone. Nothing is written. */
final class RunVerification {

	private final DeletionLedger ledger;

	private final StopSignal stop;

	private final Clock clock;

	RunVerification(DeletionLedger ledger, StopSignal stop, Clock clock) {
		this.ledger = ledger;
		this.stop = stop;
		this.clock = clock;
	}

	/**
	 * The run.
	 * @param number which one, null for the newest that is no plan
	 * @throws DefinitionException if there is none of which the deleted keys are known
	 */
	PurgeRun find(String name, @Nullable Integer number) {
		PurgeRun run = DeletingRuns.find(this.ledger, name, number);
		if (!run.identity().mode().deletes()) {
			throw problem("run " + run.id() + " is a " + run.identity().mode().name().toLowerCase(Locale.ROOT)
					+ ": it deleted nothing");
		}
		if (run.prunedAt() != null) {
			throw problem("the keys of run " + run.id() + " were pruned on " + run.prunedAt());
		}
		return run;
	}

	/** Looks for its keys, once its last delete has taken effect. */
	GoneKeys check(PurgeRun run, KeyReader reader, Duration settleDelay) {
		awaitEffect(run, settleDelay);
		return new GoneCheck(this.ledger, reader, this.stop).check(run.id());
	}

	private void awaitEffect(PurgeRun run, Duration settleDelay) {
		Instant end = (run.endedAt() != null) ? run.endedAt() : this.clock.instant();
		Duration left = Duration.between(this.clock.instant(), end.plus(settleDelay));
		try {
			this.stop.await(left.isNegative() ? Duration.ZERO : left);
		}
		catch (InterruptedException ex) {
			throw new TransientStoreException("stopped while waiting for deletes to take effect", ex, null);
		}
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

}
