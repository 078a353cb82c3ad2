package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.DurablePostgresqlServer;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The server of the ledger is killed in the middle of a run, and comes back. */
class KilledDatabaseTests {

	private static final int KEYS = 3000;

	private final MemoryStore store = new MemoryStore("killed", Clock.systemUTC(),
			StoreCapabilities.of(50, 100, StoreCapability.values()));

	@TempDir
	private Path folder;

	@Test
	void whatWasDeletedBeforeStandsInTheLedgerAfterwards() throws IOException {
		this.store.write(PurgeTester.entries(KEYS));
		try (DurablePostgresqlServer server = new DurablePostgresqlServer(this.folder.resolve("data"))) {
			PostgresqlAddress address = PostgresqlAddress.of(server.url(), null, null);
			try (Home home = Home.shared(address, Clock.systemUTC())) {
				PurgeTester tester = new PurgeTester(home, Clock.systemUTC());
				assertThatThrownBy(() -> tester.run(new Killing(server), PurgeTester.everyThird(2)))
					.isInstanceOf(RuntimeException.class);
			}
			server.start();
			try (Home home = Home.shared(address, Clock.systemUTC())) {
				PurgeTester tester = new PurgeTester(home, Clock.systemUTC());
				RunReport report = tester.run(this.store, PurgeTester.everyThird(2));
				assertThat(report.run().state()).isEqualTo(RunState.COMPLETED);
				assertThat(report.run().id()).isEqualTo(new RunId("test", 1));
				assertThat(report.run().attempts()).isEqualTo(2);
				assertThat(this.store.snapshot().keySet()).containsExactlyElementsOf(PurgeTester.staying(KEYS));
				tester.assertDeletedExactlyOnce(report.run().id(), PurgeTester.going(KEYS));
			}
		}
	}

	/** Kills the server when its fifth delete is done, and before that is told. */
	private final class Killing extends ForwardingKeyValueStore {

		private final DurablePostgresqlServer server;

		private final AtomicInteger deletes = new AtomicInteger();

		Killing(DurablePostgresqlServer server) {
			super(KilledDatabaseTests.this.store);
			this.server = server;
		}

		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			DeleteResult result = super.delete(entries);
			if (this.deletes.incrementAndGet() == 5) {
				kill();
			}
			return result;
		}

		private void kill() {
			try {
				this.server.kill();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
