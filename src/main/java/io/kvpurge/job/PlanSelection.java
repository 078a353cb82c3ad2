package io.kvpurge.job;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.PlanTerms;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.Verification;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreCapability;

/**
 * Finds the plan that is to be applied, and the run that applies it. A plan is applied
 * once, as it was reviewed, while it is fresh, to the store that it was made for;
 * anything else is a {@link DefinitionException}, and nothing was touched.
 */
final class PlanSelection {

	private final DeletionLedger ledger;

	private final RunOrigin origin;

	private final Clock clock;

	PlanSelection(DeletionLedger ledger, RunOrigin origin, Clock clock) {
		this.ledger = ledger;
		this.origin = origin;
		this.clock = clock;
	}

	/** The plan, complete and as it was sealed. */
	PurgeRun find(ApplyRequest request) {
		PurgeRun plan = named(request);
		RunId id = plan.id();
		if (plan.identity().mode() != RunMode.PLAN) {
			throw problem("run " + id + " is no plan, but "
					+ ((plan.identity().mode() == RunMode.APPLY) ? "an application of one" : "a purge"));
		}
		if (plan.state() != RunState.COMPLETED) {
			throw problem("plan " + id + " is " + plan.state() + ", not COMPLETED: plan again");
		}
		if (plan.prunedAt() != null) {
			throw problem("the keys of plan " + id + " were pruned on " + plan.prunedAt() + ": plan again");
		}
		if (request.expected() != null && !request.expected().equals(plan.seal())) {
			throw problem("plan " + id + " is not the one that was reviewed: its digest is " + plan.seal()
					+ ", expected is " + request.expected());
		}
		Verification found = this.ledger.verify(id);
		if (!found.isIntact()) {
			throw problem("plan " + id + " is not as it was sealed: " + found.problem());
		}
		return plan;
	}

	private PurgeRun named(ApplyRequest request) {
		Integer number = request.plan();
		PurgeRun plan = (number != null) ? this.ledger.find(new RunId(request.definition(), number))
				: this.ledger.latest(request.definition(), RunMode.PLAN);
		if (plan == null) {
			throw problem((number != null) ? "there is no plan " + request.definition() + "." + number
					: "there is no plan of " + request.definition() + ": make one with 'kvpurge plan'");
		}
		return plan;
	}

	/**
	 * Takes over the unfinished run that applies the plan, or opens it.
	 * @param expected whether the plan was named by its digest
	 */
	RunFence select(PurgeRun plan, PlanTerms terms, boolean expected, KeyValueStore store, String definitionText) {
		RunIdentity planned = plan.identity();
		if (!store.identity().equals(planned.store())) {
			throw problem("plan " + plan.id() + " belongs to the store " + planned.store()
					+ ", but its definition now leads to " + store.identity());
		}
		if (terms.approvalRequired() && !expected) {
			throw problem("plan " + plan.id() + " needs approval: apply it with --expect and the digest that was"
					+ " reviewed");
		}
		PurgeRun application = application(plan.id());
		if (application != null) {
			if (!application.state().isResumable()) {
				throw problem("plan " + plan.id() + " was applied by run " + application.id() + " on "
						+ application.endedAt() + ": plan again");
			}
			return this.ledger.takeOver(application.id(), this.origin);
		}
		Instant end = plan.endedAt();
		if (end == null || end.plus(terms.validFor()).isBefore(this.clock.instant())) {
			throw problem("plan " + plan.id() + " has expired: it was made on " + end + " and valid for "
					+ terms.validFor() + " (plan-valid-for): plan again");
		}
		RunIdentity wanted = new RunIdentity(planned.definition(), planned.digest(), planned.parameters(),
				planned.store(), RunMode.APPLY, planned.asOf(), plan.id().number());
		Guarantee guarantee = store.capabilities().can(StoreCapability.CONDITIONAL_DELETE)
				? store.capabilities().guarantee() : Guarantee.RECHECK_THEN_DELETE;
		return this.ledger.begin(wanted, definitionText, guarantee, true, this.origin, null);
	}

	private @Nullable PurgeRun application(RunId plan) {
		return this.ledger.runs(plan.definition())
			.stream()
			.filter((run) -> Integer.valueOf(plan.number()).equals(run.identity().plan()))
			.findFirst()
			.orElse(null);
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

}
