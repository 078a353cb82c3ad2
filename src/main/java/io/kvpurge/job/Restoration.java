package io.kvpurge.job;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RestoreTerms;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;

/** Puts back what the runs of one definition have deleted. */
final class Restoration {

	private final PurgeJobs jobs;

	private final DefinitionHome home;

	private final RunExecution execution;

	private final RunOrigin origin;

	private final Clock clock;

	Restoration(PurgeJobs jobs, DefinitionHome home, RunExecution execution, RunOrigin origin, Clock clock) {
		this.jobs = jobs;
		this.home = home;
		this.execution = execution;
		this.origin = origin;
		this.clock = clock;
	}

	RunReport restore(RestoreRequest request) {
		try (LedgerDatabase database = this.jobs.own(this.home, request.patience())) {
			RestoreSelection selection = selection(database);
			PurgeRun run = selection.find(request.run());
			BoundDefinition bound = PurgeJobs.bound(run);
			RestoreTerms terms = terms(request, run);
			RestoreSource source = selection.source(run, terms, bound);
			PurgeDefinition target = target(request, bound);
			try (KeyValueStore store = this.jobs.open(target)) {
				requireMeant(request, run, store);
				if (run.state().isResumable()) {
					end(database, run, bound);
				}
				RunFence fence = selection.select(run, terms, store, target.text());
				return this.execution.execute(database, store, PurgeJobs.traffic(store, target), bound, fence, source);
			}
		}
	}

	/** Carries on with a run that restores. */
	RunReport resume(LedgerDatabase database, PurgeRun restoring) {
		RestoreTerms terms = restoring.identity().restore();
		if (terms == null) {
			throw new IllegalArgumentException("run " + restoring.id() + " restores nothing");
		}
		RestoreSelection selection = selection(database);
		PurgeRun run = selection.find(terms.run());
		BoundDefinition bound = PurgeJobs.bound(run);
		RestoreSource source = selection.source(run, terms, bound);
		PurgeDefinition target = new DefinitionReader().read(restoring.definitionText(),
				"the definition of run " + restoring.id());
		try (KeyValueStore store = this.jobs.open(target)) {
			PurgeJobs.refuseAnotherStore(restoring, store);
			RunFence fence = database.ledger().takeOver(restoring.id(), this.origin);
			return this.execution.execute(database, store, PurgeJobs.traffic(store, target), bound, fence, source);
		}
	}

	RestorePreview preview(RestoreRequest request) {
		try (LedgerDatabase database = this.home.read()) {
			RestoreSelection selection = selection(database);
			PurgeRun run = selection.find(request.run());
			BoundDefinition bound = PurgeJobs.bound(run);
			RestoreSource source = selection.source(run, terms(request, run), bound);
			PurgeDefinition target = target(request, bound);
			try (KeyValueStore store = this.jobs.open(target)) {
				requireMeant(request, run, store);
				KeyValueStore reading = this.jobs.reading(store, PurgeJobs.traffic(store, target));
				PreviewTally tally = new PreviewTally(source,
						(entries) -> request.overwrite() ? List.of() : there(reading, entries),
						store.terms().shortestLife(), this.clock);
				DeletionLedger ledger = database.ledger();
				ledger.ranges(run.id())
					.forEach((range) -> tally.add(range, new DeletedEntries(ledger, source, range.number())));
				return tally.preview(run.id(), store.identity());
			}
		}
	}

	private static List<Key> there(KeyValueStore store, List<KeyValue> entries) {
		Set<Key> keys = entries.stream().map(KeyValue::key).collect(Collectors.toSet());
		return store.find(keys).stream().map(KeyEntry::key).toList();
	}

	private RestoreSelection selection(LedgerDatabase database) {
		return new RestoreSelection(database.ledger(), this.home, this.origin, this.clock);
	}

	private static RestoreTerms terms(RestoreRequest request, PurgeRun run) {
		return new RestoreTerms(run.id().number(), request.where(), request.overwrite());
	}

	private static PurgeDefinition target(RestoreRequest request, BoundDefinition bound) {
		return (request.into() != null) ? request.into() : bound.definition();
	}

	private static void requireMeant(RestoreRequest request, PurgeRun run, KeyValueStore store) {
		if (request.into() == null) {
			PurgeJobs.refuseAnotherStore(run, store);
		}
	}

	/** What was announced is looked into first: then it is known what was deleted. */
	private void end(LedgerDatabase database, PurgeRun run, BoundDefinition bound) {
		try (KeyValueStore store = this.jobs.open(bound.definition())) {
			PurgeJobs.refuseAnotherStore(run, store);
			this.jobs.runSelection(database, store, PurgeJobs.traffic(store, bound.definition()))
				.supersede(run, "given up: what it deleted is restored");
		}
	}

}
