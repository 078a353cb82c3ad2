package io.kvpurge.ledger;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Guarantee;

/**
 * A run as the ledger knows it.
 *
 * @param id its name
 * @param identity what it is a run of
 * @param definitionText the definition as it was read, placeholders unresolved
 * @param guarantee what holds for entries rewritten meanwhile
 * @param tellsVanished whether the store tells vanished keys from deleted ones
 * @param origin who launched its latest attempt
 * @param attempts how often it was launched, at least 1
 * @param fence the number that its present owner holds
 * @param state how far it has come
 * @param reason why it ended, one line; null while it is running
 * @param startedAt when it was first launched
 * @param endedAt when its latest attempt ended, null while it is running
 * @param seal the seal as hex, null until it is sealed
 * @param replaces the number of the run that was given up for this one, after attempts
 * that came no further; null if there is none
 * @param prunedAt when its calls were removed, null if they are there
 * @param stage how far a run has come that finds everything before it deletes anything,
 * null for any other run
 * @param forecastText what it would take to delete what a plan names, as it is written
 * down; null for any other run, and for a plan that is not completed
 * @param backup the directory in which it saves what it deletes, {@link #BESIDE_LEDGER},
 * or null if it does not
 */
public record PurgeRun(RunId id, RunIdentity identity, String definitionText, Guarantee guarantee,
		boolean tellsVanished, RunOrigin origin, int attempts, long fence, RunState state, @Nullable String reason,
		Instant startedAt, @Nullable Instant endedAt, @Nullable String seal, @Nullable Integer replaces,
		@Nullable Instant prunedAt, @Nullable RunStage stage, @Nullable String forecastText, @Nullable String backup) {

	/** In place of a directory: the backup is where the ledger is. */
	public static final String BESIDE_LEDGER = "home";

	/** What it would take to delete what this plan names, null if that is not known. */
	public @Nullable Forecast forecast() {
		return (this.forecastText != null) ? LedgerJson.forecast(this.forecastText) : null;
	}

	/** This run as it is when its attempt ends. */
	PurgeRun ended(RunState endState, String endReason, Instant at) {
		return new PurgeRun(this.id, this.identity, this.definitionText, this.guarantee, this.tellsVanished,
				this.origin, this.attempts, this.fence, endState, endReason, this.startedAt, at, this.seal,
				this.replaces, this.prunedAt, this.stage, this.forecastText, this.backup);
	}

}
