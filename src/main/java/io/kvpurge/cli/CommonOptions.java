package io.kvpurge.cli;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {

	@Option(names = "--home", paramLabel = "DIR",
			description = "Where state is kept (default: KVPURGE_HOME, STATE_DIRECTORY, or the XDG state directory).")
	@Nullable Path home;

	@Option(names = "--config", paramLabel = "FILE",
			description = "A configuration file, read after /etc/kvpurge/kvpurge.yaml and the home's kvpurge.yaml.")
	@Nullable Path config;

	@Option(names = "--json", description = "Print exactly one JSON object, errors included.")
	boolean json;

	@Option(names = { "-h", "--help" }, usageHelp = true, description = "Show this help.")
	boolean help;

}
