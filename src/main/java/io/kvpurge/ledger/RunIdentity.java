package io.kvpurge.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * What makes a run the run that it is; a launch carries on only with one that equals it
 * in everything but {@code asOf}.
 *
 * @param definition the definition's name
 * @param digest over what decides which keys go, as hex
 * @param parameters the parameters' values as canonical JSON
 * @param store {@link io.kvpurge.store.KeyValueStore#identity()}
 * @param mode what it does with what matches
 * @param asOf the instant at which the rule is judged, fixed at the first launch; cut to
 * microseconds
 * @param plan the number of the plan that is applied, null for any other run
 * @param restore what is put back, null for any other run
 */
public record RunIdentity(String definition, String digest, String parameters, String store, RunMode mode, Instant asOf,
		@Nullable Integer plan, @Nullable RestoreTerms restore) {

	public RunIdentity {
		// As precise as the database keeps it, so that every attempt judges alike.
		asOf = asOf.truncatedTo(ChronoUnit.MICROS);
		if ((mode == RunMode.APPLY) != (plan != null)) {
			throw new IllegalArgumentException("a plan is applied by a run of mode APPLY, and by no other");
		}
		if ((mode == RunMode.RESTORE) != (restore != null)) {
			throw new IllegalArgumentException("a run of mode RESTORE says what it puts back, and no other");
		}
	}

	/** Of a run that restores nothing. */
	public RunIdentity(String definition, String digest, String parameters, String store, RunMode mode, Instant asOf,
			@Nullable Integer plan) {
		this(definition, digest, parameters, store, mode, asOf, plan, null);
	}

	/** Of a run that neither applies a plan nor restores anything. */
	public RunIdentity(String definition, String digest, String parameters, String store, RunMode mode, Instant asOf) {
		this(definition, digest, parameters, store, mode, asOf, null, null);
	}

	/** Whether it is a run with the same parameters, on the same store. */
	public boolean concernsSameAs(RunIdentity other) {
		return this.parameters.equals(other.parameters) && this.store.equals(other.store);
	}

	/** Whether a launch for {@code other} may carry on with a run of this identity. */
	public boolean continuesAs(RunIdentity other) {
		return new RunIdentity(this.definition, this.digest, this.parameters, this.store, this.mode, other.asOf,
				this.plan, this.restore)
			.equals(other);
	}

}
