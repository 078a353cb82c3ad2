package io.kvpurge.job;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataIntegrityViolationException;

import static org.assertj.core.api.Assertions.assertThat;

class FailuresTests {

	@Test
	void whatTheLedgerSaidIsSaidAndNotTheStatement() {
		JobExecution execution = new JobExecution(1, new JobInstance(1, "kvpurge"), new JobParameters());
		execution.setStatus(BatchStatus.FAILED);
		StepExecution step = new StepExecution(1, "split", execution);
		step.addFailureException(
				new DataIntegrityViolationException(
						"PreparedStatementCallback; SQL [insert into purge_range (name,\n"
								+ "\tposition) values (?, ?)]; the disk is full",
						new SQLException("the disk is full")));
		execution.addStepExecution(step);
		assertThat(Failures.of(execution, false)).containsExactly("split: the ledger's database: the disk is full");
	}

}
