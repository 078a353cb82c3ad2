package io.kvpurge.broker;

import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.JmsException;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.core.JmsTemplate;

/** Puts ranges into the queue. Safe for use by several threads. */
public final class RangeSender implements AutoCloseable {

	/** What a consumer selects by. */
	static final String ATTEMPT = "attempt";

	/** How long what was sent right before may be on its way. */
	private static final long LONGEST_MILLIS = 2000;

	private final BrokerAddress address;

	private final String queue;

	private final CachingConnectionFactory connections;

	private final JmsTemplate template;

	private RangeSender(BrokerAddress address, String queue) {
		this.address = address;
		this.queue = queue;
		this.connections = new CachingConnectionFactory(address.connections());
		this.connections.setReconnectOnException(true);
		this.template = new JmsTemplate(this.connections);
	}

	/**
	 * Connects.
	 * @param queue that of the ledger
	 * @throws BrokerException if that is not possible
	 */
	public static RangeSender open(BrokerAddress address, String queue) {
		RangeSender sender = new RangeSender(address, queue);
		try {
			sender.connections.createConnection().close();
			return sender;
		}
		catch (JMSException ex) {
			sender.close();
			throw address.connectFailure(ex);
		}
	}

	/**
	 * Sends one.
	 * @throws BrokerException if it may not have been sent
	 */
	public void send(RangeMessage range) {
		try {
			this.template.send(this.queue, (session) -> message(session, range));
		}
		catch (JmsException ex) {
			throw this.address.failure(ex);
		}
	}

	/**
	 * The ranges of an attempt that wait in the queue; those that somebody is working on
	 * are not among them.
	 * @throws BrokerException if the queue cannot be looked at
	 */
	public Set<RangeMessage> waiting(String attempt) {
		try {
			Set<RangeMessage> waiting = this.template.browseSelected(this.queue, selector(attempt),
					(session, browser) -> {
						Set<RangeMessage> found = new HashSet<>();
						Enumeration<?> messages = browser.getEnumeration();
						while (messages.hasMoreElements()) {
							RangeMessage range = parse((Message) messages.nextElement());
							if (range != null) {
								found.add(range);
							}
						}
						return found;
					});
			return (waiting != null) ? waiting : Set.of();
		}
		catch (JmsException ex) {
			throw this.address.failure(ex);
		}
	}

	/**
	 * Sends what is no range, looks at it and takes it back, unless a worker takes it
	 * meanwhile, who finds nothing to do.
	 * @throws BrokerRefusedException if this user may not do all of that
	 * @throws BrokerException if the broker is away
	 */
	public void tryOut() {
		String attempt = "tried/" + UUID.randomUUID();
		try {
			this.template.send(this.queue, (session) -> message(session, new RangeMessage(attempt, 0, 0)));
			this.template.browseSelected(this.queue, selector(attempt), (session, browser) -> browser.getEnumeration());
			this.template.setReceiveTimeout(LONGEST_MILLIS);
			this.template.receiveSelected(this.queue, selector(attempt));
		}
		catch (JmsException ex) {
			throw this.address.connectFailure(ex);
		}
	}

	private static TextMessage message(Session session, RangeMessage range) throws JMSException {
		TextMessage message = session.createTextMessage(range.text());
		message.setStringProperty(ATTEMPT, range.attempt());
		return message;
	}

	private static String selector(String attempt) {
		return ATTEMPT + " = '" + attempt + "'";
	}

	static @Nullable RangeMessage parse(Message message) throws JMSException {
		return (message instanceof TextMessage text)
				? RangeMessage.parse(text.getStringProperty(ATTEMPT), text.getText()) : null;
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

}
