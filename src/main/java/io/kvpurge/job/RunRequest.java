package io.kvpurge.job;

import java.time.Duration;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.ledger.RunMode;

/**
 * What to run.
 *
 * @param definition the definition with its parameters
 * @param mode what to do with what matches
 * @param fresh whether to begin anew even if an unfinished run could be carried on
 * @param patience how long to wait while another process owns the definition
 */
public record RunRequest(BoundDefinition definition, RunMode mode, boolean fresh, Duration patience) {

	/** The same, but begun anew. */
	public RunRequest anew() {
		return new RunRequest(this.definition, this.mode, true, this.patience);
	}

	/** Without waiting. */
	public RunRequest(BoundDefinition definition, RunMode mode, boolean fresh) {
		this(definition, mode, fresh, Duration.ZERO);
	}

}
