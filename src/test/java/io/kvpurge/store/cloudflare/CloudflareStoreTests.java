package io.kvpurge.store.cloudflare;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.KeyValueStoreContract;
import io.kvpurge.store.Metadata;

/** The contract on a simulated service. */
class CloudflareStoreTests extends KeyValueStoreContract {

	private static Simulated simulated;

	private static int namespaces;

	private String namespace;

	@BeforeAll
	static void start() {
		simulated = new Simulated();
	}

	@AfterAll
	static void stop() {
		simulated.close();
	}

	@Override
	protected KeyValueStore openEmpty() {
		this.namespace = simulated.service().createNamespace("namespace " + namespaces++);
		return openAgain();
	}

	@Override
	protected KeyValueStore openAgain() {
		return simulated.open("namespace-id", this.namespace);
	}

	@Override
	protected boolean holds(Key name) {
		return name.length() > 0;
	}

	/** The service leaves out metadata that is null. */
	@Override
	protected Metadata kept(Metadata written) {
		return (written.value() != null) ? written : Metadata.ABSENT;
	}

}
