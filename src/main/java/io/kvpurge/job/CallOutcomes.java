package io.kvpurge.job;

import io.kvpurge.ledger.Outcome;

/**
 * How the ledger names what became of the keys of a call.
 *
 * @param done what the call did
 * @param tooLate there was nothing left to do
 * @param spared it was left as it is, as it has changed
 */
record CallOutcomes(Outcome done, Outcome tooLate, Outcome spared) {

	static final CallOutcomes DELETING = new CallOutcomes(Outcome.DELETED, Outcome.VANISHED, Outcome.SPARED);

	static final CallOutcomes RESTORING = new CallOutcomes(Outcome.RESTORED, Outcome.EXPIRED, Outcome.EXISTING);

}
