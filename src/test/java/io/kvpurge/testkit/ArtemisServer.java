package io.kvpurge.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Set;

import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.jspecify.annotations.Nullable;

/** A real Apache Artemis broker in this process, on a port and disk of its own. */
public final class ArtemisServer implements AutoCloseable {

	private final Path folder;

	private final int port;

	private EmbeddedActiveMQ running;

	private final String options;

	private final @Nullable User user;

	private ArtemisServer(Path folder, int port, String options, @Nullable User user) {
		this.folder = folder;
		this.port = port;
		this.options = options;
		this.user = user;
	}

	/** Starts one that lets everybody in. */
	public static ArtemisServer start(Path folder) {
		return start(folder, "", null);
	}

	/** Starts one that speaks TLS only, with the certificate of a key store. */
	public static ArtemisServer startWithTls(Path folder, Path keyStore, String password) {
		return start(folder, "?sslEnabled=true&keyStorePath=" + keyStore + "&keyStorePassword=" + password, null);
	}

	/** Starts one that lets this user in and nobody else. */
	public static ArtemisServer startFor(Path folder, User user) {
		return start(folder, "", user);
	}

	private static ArtemisServer start(Path folder, String options, @Nullable User user) {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			ArtemisServer server = new ArtemisServer(folder, free.getLocalPort(), options, user);
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
			Configuration configuration = new ConfigurationImpl().setSecurityEnabled(this.user != null)
				.setPersistenceEnabled(true)
				.setJMXManagementEnabled(false)
				.setJournalType(JournalType.NIO)
				.setJournalDirectory(this.folder.resolve("journal").toString())
				.setBindingsDirectory(this.folder.resolve("bindings").toString())
				.setPagingDirectory(this.folder.resolve("paging").toString())
				.setLargeMessagesDirectory(this.folder.resolve("large").toString())
				.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + this.port + this.options)
				.addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1));
			EmbeddedActiveMQ server = new EmbeddedActiveMQ().setConfiguration(configuration);
			if (this.user != null) {
				configuration.putSecurityRoles("kvpurge.#", Set.of(this.user.role()));
				server.setSecurityManager(this.user.manager());
			}
			this.running = server.start();
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

	/**
	 * Whom a broker lets in.
	 *
	 * @param name the name
	 * @param password the password
	 * @param mayBrowse whether the user may look into queues, beside all that else is
	 * needed
	 */
	public record User(String name, String password, boolean mayBrowse) {

		private Role role() {
			return new Role("purging", true, true, true, false, false, false, false, this.mayBrowse, true, false, false,
					false);
		}

		private ActiveMQJAASSecurityManager manager() {
			SecurityConfiguration users = new SecurityConfiguration();
			users.addUser(this.name, this.password);
			users.addRole(this.name, "purging");
			return new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users);
		}

	}

}
