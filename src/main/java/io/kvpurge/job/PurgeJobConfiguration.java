package io.kvpurge.job;

import java.util.concurrent.Executor;

import javax.sql.DataSource;

import org.springframework.batch.core.configuration.BatchConfigurationException;
import org.springframework.batch.core.configuration.support.JdbcDefaultBatchConfiguration;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.PartitionStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The job: split, purge range by range, seal. It runs in a context of its own for each
 * launch, with the run's {@link RunSetup} and the ledger's data source in it.
 */
@Configuration(proxyBeanMethods = false)
class PurgeJobConfiguration extends JdbcDefaultBatchConfiguration {

	static final String JOB_NAME = "kvpurge";

	private final DataSource dataSource;

	PurgeJobConfiguration(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	@Override
	protected DataSource getDataSource() {
		return this.dataSource;
	}

	@Override
	protected PlatformTransactionManager getTransactionManager() {
		return new JdbcTransactionManager(this.dataSource);
	}

	/** Readable with SQL, which the default is not. */
	@Override
	protected ExecutionContextSerializer getExecutionContextSerializer() {
		return new JacksonExecutionContextStringSerializer();
	}

	/**
	 * Without the proxy that the framework puts around it: for as long as the job runs,
	 * that binds the first connection to the launching thread, and an embedded ledger has
	 * one only.
	 */
	@Bean
	@Override
	public JobOperator jobOperator(JobRepository jobRepository) throws BatchConfigurationException {
		TaskExecutorJobOperator operator = new TaskExecutorJobOperator();
		operator.setJobRepository(jobRepository);
		operator.setJobRegistry(getJobRegistry());
		try {
			operator.afterPropertiesSet();
		}
		catch (Exception ex) {
			throw new BatchConfigurationException(ex);
		}
		return operator;
	}

	@Bean
	Job purgeJob(JobRepository jobRepository, RunSetup run, @Qualifier("findStep") Step findStep,
			@Qualifier("purgeStep") Step purgeStep) {
		SimpleJobBuilder job = new JobBuilder(JOB_NAME, jobRepository)
			.start(new StepBuilder("split", jobRepository).tasklet(new SplitTasklet(run)).build());
		if (run.findsFirst()) {
			job.next(findStep).next(new StepBuilder("judge", jobRepository).tasklet(new JudgeTasklet(run)).build());
		}
		if (run.mode().deletes() && run.limits().maxDeletes() != null) {
			job.next(new StepBuilder("settle", jobRepository).tasklet(new SettleTasklet(run))
				.allowStartIfComplete(true)
				.build());
		}
		return job.next(purgeStep)
			.next(new StepBuilder("seal", jobRepository).tasklet(new SealTasklet(run)).build())
			.build();
	}

	/** Only where everything is found before anything is deleted. */
	@Bean
	Step findStep(JobRepository jobRepository, RunSetup run, AsyncTaskExecutor rangeExecutor, Executor pagePrefetcher,
			Executor callSender, PageBudget budget) {
		return ranges("finding",
				new RangeStep(RangeStep.FINDING, run, jobRepository, budget, pagePrefetcher, callSender), run,
				jobRepository, rangeExecutor, budget);
	}

	@Bean
	Step purgeStep(JobRepository jobRepository, RunSetup run, AsyncTaskExecutor rangeExecutor, Executor pagePrefetcher,
			Executor callSender, PageBudget budget) {
		return ranges("purge", new RangeStep(RangeStep.NAME, run, jobRepository, budget, pagePrefetcher, callSender),
				run, jobRepository, rangeExecutor, budget);
	}

	private static Step ranges(String name, RangeStep step, RunSetup run, JobRepository jobRepository,
			AsyncTaskExecutor rangeExecutor, PageBudget budget) {
		PartitionStepBuilder partitioned = new StepBuilder(name, jobRepository).partitioner(step.getName(),
				new KeyRangePartitioner(run));
		RemoteRanges remote = run.remote();
		if (remote != null) {
			return partitioned.partitionHandler(remote.handler(step.getName(), jobRepository)).build();
		}
		return partitioned.step(step).taskExecutor(rangeExecutor).gridSize(budget.ranges()).build();
	}

	@Bean
	PageBudget pageBudget(RunSetup run) {
		return new PageBudget(run.store().capabilities(), run.partitions());
	}

	/** Each range that is worked on has a thread of its own; the others wait in line. */
	@Bean
	ThreadPoolTaskExecutor rangeExecutor(PageBudget budget) {
		return executor("range-", budget.ranges());
	}

	/** Lists pages ahead, one at a time for each range that is worked on. */
	@Bean
	ThreadPoolTaskExecutor pagePrefetcher(PageBudget budget) {
		return executor("page-", budget.ranges());
	}

	/** Sends bulk calls, one at a time for each range that is worked on. */
	@Bean
	ThreadPoolTaskExecutor callSender(PageBudget budget) {
		return executor("call-", budget.ranges());
	}

	private static ThreadPoolTaskExecutor executor(String prefix, int threads) {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setThreadNamePrefix(prefix);
		executor.setCorePoolSize(threads);
		executor.setDaemon(true);
		executor.setTaskDecorator(LogLabels::carriedTo);
		executor.setWaitForTasksToCompleteOnShutdown(true);
		return executor;
	}

}
