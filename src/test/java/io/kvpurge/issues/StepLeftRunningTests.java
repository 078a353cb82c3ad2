package io.kvpurge.issues;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.job.ChildJobs;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RunListener;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.ForwardingKeyValueStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database of a run that workers worked on was killed: the job ended as FAILED, and
 * steps of its ranges stood there as running. No launch could start the job from then on.
 */
class StepLeftRunningTests {

	private final MemoryStore store = new MemoryStore("left", Clock.systemUTC());

	private final KeyValueStore failing = new ForwardingKeyValueStore(this.store) {
		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			throw new StoreException("not now");
		}
	};

	@TempDir
	private Path home;

	@Test
	void isEndedByTheNextLaunch() throws SQLException {
		this.store.write(List.of(new KeyValue(Key.of("k"), null, Metadata.ABSENT, null)));
		assertThat(run(this.failing).run().state()).isEqualTo(RunState.FAILED);
		try (LedgerDatabase database = LedgerDatabase.openFile(ChildJobs.ledgerFile(this.home, "left"),
				Clock.systemUTC());
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			assertThat(statement.executeUpdate("update batch_step_execution set status = 'STARTED', end_time = null"
					+ " where step_name like 'range:%'"))
				.isOne();
		}
		RunReport report = run(this.store);
		assertThat(report.run().state()).as(report.errors().toString()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().attempts()).isEqualTo(2);
		assertThat(this.store.snapshot()).isEmpty();
	}

	private RunReport run(KeyValueStore opened) {
		PurgeJobs jobs = ChildJobs.create(this.home.toString(), (definition) -> opened, Duration.ofSeconds(20),
				Clock.systemUTC());
		return jobs.run(new RunRequest(new DefinitionReader().read("""
				version: 1
				name: left
				store: {type: memory, name: left}
				select: {prefixes: ["k"], where: all}
				limits: {max-fraction: 1}
				""", "test").bind(Map.of()), RunMode.PURGE, false), RunListener.NONE);
	}

}
