package io.kvpurge.broker;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jms.listener.DefaultMessageListenerContainer;
import org.springframework.jms.listener.SessionAwareMessageListener;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Takes ranges from the queue, as many at once as there are slots. A range is out of the
 * queue when the work on it has ended; where it does not end, it is there again.
 */
public final class RangeReceiver implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(RangeReceiver.class);

	/** How long a slot waits for a message before it looks what to do else. */
	private static final long RECEIVE_MILLIS = 500;

	private static final long RECONNECT_MILLIS = 1000;

	private final BrokerAddress address;

	private final ConnectionFactory connections;

	private final DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();

	private final Set<String> passedOver = new TreeSet<>();

	/**
	 * @param queue that of the ledger
	 * @param slots how many ranges at once, each on a thread {@code slot-N}
	 * @param worker works on a range
	 */
	public RangeReceiver(BrokerAddress address, String queue, int slots, Worker worker) {
		this.address = address;
		this.connections = address.connections();
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("slot-");
		threads.setDaemon(true);
		this.container.setConnectionFactory(this.connections);
		this.container.setDestinationName(queue);
		// The session spans the work: what does not end is redelivered.
		this.container.setSessionTransacted(true);
		this.container.setConcurrentConsumers(slots);
		this.container.setTaskExecutor(threads);
		// A consumer of its own for each range, so that what is passed over can change.
		this.container.setCacheLevel(DefaultMessageListenerContainer.CACHE_CONNECTION);
		// Else those that wait for a message are interrupted at the end.
		this.container.setAcceptMessagesWhileStopping(true);
		this.container.setReceiveTimeout(RECEIVE_MILLIS);
		this.container.setBackOff(new FixedBackOff(RECONNECT_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS));
		this.container.setErrorHandler((failure) -> {
			if (!(failure instanceof GivenBackException)) {
				logger.warn("a range was given back: " + failure.getMessage());
			}
		});
		this.container
			.setMessageListener((SessionAwareMessageListener<Message>) (message, session) -> receive(message, worker));
	}

	private void receive(Message message, Worker worker) throws JMSException {
		RangeMessage range = RangeSender.parse(message);
		if (range == null) {
			logger.warn("what came in " + this.container.getDestinationName() + " is no range of kvpurge's: dropped");
			return;
		}
		Work work = worker.work(range);
		if (work == Work.NOT_FIT) {
			passOver(range.attempt());
		}
		if (work != Work.ENDED) {
			throw new GivenBackException();
		}
	}

	/**
	 * Begins to take ranges.
	 * @throws BrokerException if the broker cannot be reached; later it may be away for
	 * any time
	 */
	public void start() {
		try (Connection tried = this.connections.createConnection()) {
			tried.start();
		}
		catch (JMSException ex) {
			throw this.address.connectFailure(ex);
		}
		this.container.afterPropertiesSet();
		this.container.start();
	}

	/** Takes no ranges of this attempt any more; others may. */
	private synchronized void passOver(String attempt) {
		if (this.passedOver.add(attempt)) {
			this.container.setMessageSelector(selector());
		}
	}

	/** Takes ranges of this attempt again. */
	public synchronized void takeAgain(String attempt) {
		if (this.passedOver.remove(attempt)) {
			this.container.setMessageSelector(selector());
		}
	}

	private @Nullable String selector() {
		return this.passedOver.isEmpty() ? null : RangeSender.ATTEMPT + " NOT IN ("
				+ this.passedOver.stream().map((attempt) -> "'" + attempt + "'").collect(Collectors.joining(", "))
				+ ")";
	}

	/**
	 * Takes nothing more, and returns when all slots have ended. Nobody is interrupted.
	 */
	@Override
	public void close() {
		this.container.stop();
		this.container.shutdown();
	}

	/** Works on ranges. */
	@FunctionalInterface
	public interface Worker {

		/** Works on a range as far as it can. */
		Work work(RangeMessage range);

	}

	/** How the work on a range went. */
	public enum Work {

		/** There is nothing more to do. */
		ENDED,

		/** Others shall have it. */
		GIVEN_BACK,

		/** Others shall have it and all that is of the same attempt. */
		NOT_FIT

	}

	/** Rolls the session back. */
	private static final class GivenBackException extends RuntimeException {

		GivenBackException() {
			super("given back", null, false, false);
		}

	}

}
