package io.kvpurge.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.Settings;
import io.kvpurge.definition.SettingsReader;
import io.kvpurge.job.Home;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.ledger.RunOrigin;

/**
 * What commands need from outside.
 *
 * @param terminal where output goes
 * @param environment gives the value of a variable, null if it is not set
 * @param clock the time
 */
record CommandServices(Terminal terminal, UnaryOperator<@Nullable String> environment, Clock clock) {

	private static final Path SYSTEM_SETTINGS = Path.of("/etc/kvpurge/kvpurge.yaml");

	Home home(CommonOptions options) {
		return Homes.find(options.home, this.environment);
	}

	Settings settings(CommonOptions options) {
		List<Path> files = new ArrayList<>(List.of(SYSTEM_SETTINGS, home(options).settings()));
		if (options.config != null) {
			if (!options.config.toFile().exists()) {
				throw new DefinitionException(List.of(options.config + ": there is no such file"));
			}
			files.add(options.config);
		}
		return new SettingsReader(this.environment).read(files);
	}

	PurgeJobs jobs(CommonOptions options) {
		return jobs(options, this.environment);
	}

	PurgeJobs jobs(CommonOptions options, UnaryOperator<@Nullable String> variables) {
		return new PurgeJobs(home(options), settings(options), variables, origin(), this.clock);
	}

	RunOrigin origin() {
		return new RunOrigin(System.getProperty("user.name", "unknown"), host(), ProcessHandle.current().pid(),
				version());
	}

	static String version() {
		String version = Kvpurge.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "development";
	}

	private static String host() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

}
