package io.kvpurge.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** A real Apache Artemis broker in this process, on a port and disk of its own. */
public final class ArtemisServer implements AutoCloseable {

	private final Path folder;

	private final int port;

	private EmbeddedActiveMQ running;

	private ArtemisServer(Path folder, int port) {
		this.folder = folder;
		this.port = port;
	}

	/** Starts one. */
	public static ArtemisServer start(Path folder) {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			ArtemisServer server = new ArtemisServer(folder, free.getLocalPort());
			free.close();
			server.start();
			return server;
		}
		catch (IOException ex) {
			throw new IllegalStateException("no port is free", ex);
		}
	}

	/** Starts it again, with what was in its queues. */
	public void start() {
		try {
			Configuration configuration = new ConfigurationImpl().setSecurityEnabled(false)
				.setPersistenceEnabled(true)
				.setJMXManagementEnabled(false)
				.setJournalType(JournalType.NIO)
				.setJournalDirectory(this.folder.resolve("journal").toString())
				.setBindingsDirectory(this.folder.resolve("bindings").toString())
				.setPagingDirectory(this.folder.resolve("paging").toString())
				.setLargeMessagesDirectory(this.folder.resolve("large").toString())
				.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + this.port)
				.addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1));
			this.running = new EmbeddedActiveMQ().setConfiguration(configuration).start();
		}
		catch (Exception ex) {
			throw new IllegalStateException("cannot start Artemis", ex);
		}
	}

	/** Stops it; its connections break. */
	public void stop() {
		try {
			this.running.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("cannot stop Artemis", ex);
		}
	}

	public int port() {
		return this.port;
	}

	/** Where clients connect to. */
	public String url() {
		return "tcp://127.0.0.1:" + this.port;
	}

	@Override
	public void close() {
		stop();
	}

}
