package io.kvpurge.job;

import org.jspecify.annotations.Nullable;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.broker.RangeSender;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.RemoteRuns;

/**
 * The way to the processes that work on ranges.
 *
 * @param remote what is said through the database
 * @param sender sends ranges
 */
record Workers(RemoteRuns remote, RangeSender sender) implements AutoCloseable {

	/**
	 * Connects to the broker, if the definition wants workers.
	 * @return null if it wants none
	 * @throws io.kvpurge.definition.DefinitionException if it cannot have any
	 * @throws io.kvpurge.broker.BrokerException if the broker cannot be reached
	 */
	static @Nullable Workers of(PurgeDefinition definition, Home home, Settings settings) {
		return definition.partitioning().onWorkers() ? connect(definition, home, settings) : null;
	}

	/** As the other method, whatever the definition wants. */
	static Workers connect(PurgeDefinition definition, Home home, Settings settings) {
		if (definition.keys() != null) {
			throw PurgeJobs.problem(definition.source() + ": 'select.keys' names its keys one by one, in files of this"
					+ " host: 'partitions-on: workers' cannot have them");
		}
		if (definition.limits().keysPerSecond() != null) {
			throw PurgeJobs.problem(definition.source() + ": 'limits.keys-per-second' holds within one process:"
					+ " 'partitions-on: workers' cannot keep it; 'limits.requests' holds over all of them");
		}
		RemoteRuns remote = home.remoteRuns();
		if (remote == null) {
			throw PurgeJobs.problem("'partitions-on: workers' needs a ledger that the workers share: set"
					+ " KVPURGE_DATABASE_URL to a PostgreSQL database");
		}
		BrokerAddress broker = settings.broker();
		if (broker == null) {
			throw PurgeJobs.problem("'partitions-on: workers' needs a broker: set KVPURGE_BROKER_URL to that of an"
					+ " Apache Artemis, such as tcp://HOST:61616");
		}
		return new Workers(remote, RangeSender.open(broker, remote.queue()));
	}

	@Override
	public void close() {
		this.sender.close();
	}

}
