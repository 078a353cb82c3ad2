package io.kvpurge.cli;

import java.util.List;

import io.kvpurge.broker.BrokerException;
import io.kvpurge.broker.BrokerRefusedException;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.job.Home;
import io.kvpurge.job.WorkersCheck;
import io.kvpurge.ledger.RemoteWorker;

/**
 * Looks whether workers could work on a definition.
 *
 * @param definition the definition
 * @param home with the ledger that they share
 * @param settings with the broker
 */
record WorkersFindings(PurgeDefinition definition, Home home, Settings settings) {

	List<Finding> findings() {
		try {
			List<RemoteWorker> workers = WorkersCheck.check(this.definition, this.home, this.settings);
			return List.of(
					Finding.good("broker",
							this.settings.broker() + ": this user may send to the queue, look into it and receive"),
					workers(workers));
		}
		catch (DefinitionException ex) {
			return ex.problems().stream().map((problem) -> Finding.bad("workers", problem)).toList();
		}
		catch (BrokerRefusedException ex) {
			return List.of(Finding.bad("broker", Message.firstLine(ex)));
		}
		catch (BrokerException ex) {
			return List.of(new Finding("broker", Finding.Level.LATER, Message.firstLine(ex)));
		}
	}

	private static Finding workers(List<RemoteWorker> workers) {
		if (workers.isEmpty()) {
			return Finding.note("workers", "none is there: a run waits until 'kvpurge worker' is started");
		}
		List<String> remarks = workers.stream()
			.filter((worker) -> worker.remark() != null)
			.map((worker) -> worker.name() + " " + worker.remark())
			.toList();
		int slots = workers.stream().mapToInt(RemoteWorker::slots).sum();
		String there = "%d there, with %d slots".formatted(workers.size(), slots);
		return remarks.isEmpty() ? Finding.good("workers", there)
				: Finding.note("workers", there + "; " + String.join("; ", remarks));
	}

}
