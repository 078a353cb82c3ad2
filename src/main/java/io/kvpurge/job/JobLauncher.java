package io.kvpurge.job;

import java.time.Clock;
import java.util.List;

import javax.sql.DataSource;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.AbstractEnvironment;

import io.kvpurge.ledger.RunIdentity;

/** Runs the Spring Batch job of one run, in an application context made for it. */
final class JobLauncher {

	/** What the job repository's column for a parameter's value holds, and to spare. */
	private static final int LONGEST_PARAMETER = 2000;

	private final DataSource dataSource;

	private final Clock clock;

	JobLauncher(DataSource dataSource, Clock clock) {
		this.dataSource = dataSource;
		this.clock = clock;
	}

	/**
	 * Starts the job, or restarts it where an earlier attempt ended, and waits for its
	 * end. The caller owns the database: nobody else is running the job.
	 * @return why it did not complete, one line for each step that failed; empty if it
	 * completed or was stopped
	 */
	List<String> launch(RunSetup run, RunIdentity identity) {
		try (ConfigurableApplicationContext context = context(run)) {
			JobParameters parameters = parameters(run, identity);
			new AbandonedExecutions(context.getBean(JobRepository.class), this.clock)
				.resolve(PurgeJobConfiguration.JOB_NAME, parameters);
			JobExecution execution = context.getBean(JobOperator.class).start(context.getBean(Job.class), parameters);
			return Failures.of(execution, run.stop().isRequested());
		}
		catch (JobExecutionException ex) {
			return List.of("the job cannot be started: " + ex.getMessage());
		}
	}

	private ConfigurableApplicationContext context(RunSetup run) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.setEnvironment(new ClosedEnvironment());
		context.getBeanFactory().registerSingleton("runSetup", run);
		context.getBeanFactory().registerSingleton("dataSource", this.dataSource);
		context.register(PurgeJobConfiguration.class);
		context.refresh();
		return context;
	}

	private static JobParameters parameters(RunSetup run, RunIdentity identity) {
		return new JobParametersBuilder().addString("run", run.fence().run().toString())
			.addString("definition", identity.definition())
			.addString("digest", identity.digest())
			.addString("parameters", shortened(identity.parameters()))
			.addString("store", shortened(identity.store()))
			.addString("mode", identity.mode().name())
			.addString("asOf", identity.asOf().toString())
			.toJobParameters();
	}

	private static String shortened(String value) {
		return (value.length() <= LONGEST_PARAMETER) ? value : value.substring(0, LONGEST_PARAMETER) + "...";
	}

	/**
	 * Takes nothing from the process's environment or working directory: a variable meant
	 * for another Spring application on the machine must not change what is deleted here.
	 */
	private static final class ClosedEnvironment extends AbstractEnvironment {

	}

}
