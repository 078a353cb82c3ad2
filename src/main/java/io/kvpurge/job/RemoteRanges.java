package io.kvpurge.job;

import java.util.Collection;

import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.integration.partition.MessageChannelPartitionHandler;
import org.springframework.batch.integration.partition.StepExecutionRequest;
import org.springframework.integration.core.MessagingTemplate;
import org.springframework.messaging.MessageChannel;

import io.kvpurge.broker.RangeMessage;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.StoreException;

/**
 * Hands the ranges of one attempt out to workers, by the framework's own remote
 * partitioning: it sends each step execution, and looks in the job repository for when
 * all have ended.
 *
 * @param workers the way to them
 * @param fence the attempt
 * @param listener is told when there is nobody to work
 * @param stop of the run
 */
record RemoteRanges(Workers workers, RunFence fence, RunListener listener, StopSignal stop) {

	private static final long POLL_MILLIS = 500;

	/** Names an attempt in messages. */
	static String attempt(RunFence fence) {
		return fence.run() + "/" + fence.fence();
	}

	/**
	 * Works on the ranges of a step.
	 * @param step the name that its step executions begin with
	 */
	PartitionHandler handler(String step, JobRepository jobRepository) {
		MessageChannelPartitionHandler sending = new MessageChannelPartitionHandler();
		sending.setStepName(step);
		sending.setJobRepository(jobRepository);
		sending.setPollInterval(POLL_MILLIS);
		return (splitter, whole) -> {
			long job = whole.getJobExecutionId();
			sending.setMessagingOperations(new MessagingTemplate(channel(job)));
			sending.afterPropertiesSet();
			try (RangesWatch watch = new RangesWatch(this, job, step, jobRepository)) {
				watch.start();
				return heard(sending.handle(splitter, whole), whole);
			}
		};
	}

	/** The framework's request is a serialized object; what is sent is text. */
	private MessageChannel channel(long job) {
		return (message, timeout) -> {
			StepExecutionRequest request = (StepExecutionRequest) message.getPayload();
			this.workers.sender().send(message(job, request.getStepExecutionId()));
			return true;
		};
	}

	RangeMessage message(long job, long step) {
		return new RangeMessage(attempt(this.fence), job, step);
	}

	/**
	 * What failed elsewhere is told as if it had failed here, and what ends the run,
	 * which the watch has not seen if all ranges ended between two of its looks.
	 */
	private Collection<StepExecution> heard(Collection<StepExecution> ranges, StepExecution whole) {
		for (StepExecution range : ranges) {
			StepNote note = StepNote.of(range);
			if (note == null) {
				continue;
			}
			if (note.state() == RunState.FAILED) {
				whole.addFailureException(new StoreException(
						range.getStepName().substring(range.getStepName().indexOf(':') + 1) + ": " + note.reason()));
			}
			else {
				this.stop.request(note.state(), note.reason());
			}
		}
		return ranges;
	}

}
