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
import io.kvpurge.job.PurgeWorker;
import io.kvpurge.job.WorkerListener;
import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.RunOrigin;

/** What one command needs from outside. Closing it closes the home that it used. */
final class CommandServices implements AutoCloseable {

	private static final Path SYSTEM_SETTINGS = Path.of("/etc/kvpurge/kvpurge.yaml");

	private final Terminal terminal;

	private final UnaryOperator<@Nullable String> environment;

	private final Clock clock;

	private @Nullable Home home;

	private @Nullable Settings settings;

	/**
	 * @param terminal where output goes
	 * @param environment gives the value of a variable, null if it is not set
	 * @param clock the time
	 */
	CommandServices(Terminal terminal, UnaryOperator<@Nullable String> environment, Clock clock) {
		this.terminal = terminal;
		this.environment = environment;
		this.clock = clock;
	}

	Terminal terminal() {
		return this.terminal;
	}

	UnaryOperator<@Nullable String> environment() {
		return this.environment;
	}

	Clock clock() {
		return this.clock;
	}

	/**
	 * The command's home, opened once.
	 * @throws io.kvpurge.ledger.LedgerException if it is a database that cannot be used
	 */
	Home home(CommonOptions options) {
		Home opened = this.home;
		if (opened == null) {
			PostgresqlAddress database = Homes.database(this.environment);
			opened = (database != null) ? Home.shared(database, this.clock)
					: Home.inFolder(folder(options), this.clock);
			this.home = opened;
		}
		return opened;
	}

	/** The folder for settings, and for the state where no database is shared. */
	Path folder(CommonOptions options) {
		return Homes.folder(options.home, this.environment);
	}

	/**
	 * The command's settings, read once.
	 * @throws DefinitionException with what is wrong with them
	 */
	Settings settings(CommonOptions options) {
		Settings read = this.settings;
		if (read == null) {
			read = read(options);
			this.settings = read;
		}
		return read;
	}

	private Settings read(CommonOptions options) {
		List<Path> files = new ArrayList<>(List.of(SYSTEM_SETTINGS, folder(options).resolve("kvpurge.yaml")));
		if (options.config != null) {
			if (!options.config.toFile().exists()) {
				throw new DefinitionException(List.of(options.config + ": there is no such file"));
			}
			files.add(options.config);
		}
		return new SettingsReader(this.environment).read(files);
	}

	/**
	 * Who is told of a run beside whoever launched it.
	 * @throws DefinitionException if they cannot be told as the settings say
	 */
	RunTelling telling(CommonOptions options) {
		return RunTelling.of(settings(options).notices(), this.environment, this.terminal.err(),
				new ReportFolder(folder(options)), this.clock);
	}

	PurgeJobs jobs(CommonOptions options) {
		return new PurgeJobs(home(options), settings(options), this.environment, origin(), this.clock);
	}

	/**
	 * @throws DefinitionException if database or broker is missing
	 */
	PurgeWorker worker(CommonOptions options, int slots, WorkerListener listener) {
		return new PurgeWorker(home(options), settings(options), this.environment, origin(), slots, listener,
				this.clock);
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

	@Override
	public void close() {
		Home opened = this.home;
		if (opened != null) {
			opened.close();
		}
	}

}
