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
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.memory.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process was killed after the framework had committed a job instance, and before its
 * first execution. No launch could start the job from then on.
 */
class JobInstanceWithoutExecutionTests {

	private final MemoryStore store = new MemoryStore("instance", Clock.systemUTC());

	@TempDir
	private Path home;

	@Test
	void isBegunByTheNextLaunch() throws SQLException {
		this.store.write(List.of(new KeyValue(Key.of("k"), null, Metadata.ABSENT, null)));
		PurgeJobs stopped = jobs();
		stopped.requestStop("before it began");
		assertThat(run(stopped).run().state()).isEqualTo(RunState.STOPPED);
		try (LedgerDatabase database = LedgerDatabase.openFile(ChildJobs.ledgerFile(this.home, "instance"),
				Clock.systemUTC());
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			for (String table : List.of("step_execution_context", "step_execution", "job_execution_context",
					"job_execution_params", "job_execution")) {
				statement.execute("delete from batch_" + table);
			}
			assertThat(statement.executeUpdate("update batch_job_instance set version = version")).isOne();
		}
		RunReport report = run(jobs());
		assertThat(report.run().state()).as(report.errors().toString()).isEqualTo(RunState.COMPLETED);
		assertThat(report.run().attempts()).isEqualTo(2);
		assertThat(this.store.snapshot()).isEmpty();
	}

	private PurgeJobs jobs() {
		return ChildJobs.create(this.home.toString(), (definition) -> this.store, Duration.ofSeconds(20),
				Clock.systemUTC());
	}

	private static RunReport run(PurgeJobs jobs) {
		return jobs.run(new RunRequest(new DefinitionReader().read("""
				version: 1
				name: instance
				store: {type: memory, name: instance}
				select: {prefixes: ["k"], where: all}
				""", "test").bind(Map.of()), RunMode.PURGE, false), RunListener.NONE);
	}

}
