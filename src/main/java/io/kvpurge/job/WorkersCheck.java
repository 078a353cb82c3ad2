package io.kvpurge.job;

import java.util.List;

import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.RemoteWorker;

/** Looks whether the ranges of a definition can be handed out to workers. */
public final class WorkersCheck {

	private WorkersCheck() {
	}

	/**
	 * Sends a message that means nothing, and takes it back.
	 * @return the workers that are there now
	 * @throws io.kvpurge.definition.DefinitionException if the definition cannot have
	 * any, or database or broker is missing
	 * @throws io.kvpurge.broker.BrokerException if the broker cannot be used
	 */
	public static List<RemoteWorker> check(PurgeDefinition definition, Home home, Settings settings) {
		try (Workers workers = Workers.connect(definition, home, settings)) {
			workers.sender().tryOut();
			return workers.remote().workers().stream().filter(RemoteWorker::isAlive).toList();
		}
	}

}
