package io.kvpurge.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

import io.kvpurge.report.ExitCode;

/**
 * Parses a command line, runs its command, and turns every failure into its exit status.
 */
final class CommandLineRunner {

	private final Terminal terminal;

	private final UnaryOperator<@Nullable String> environment;

	private final Clock clock;

	CommandLineRunner(Terminal terminal, UnaryOperator<@Nullable String> environment, Clock clock) {
		this.terminal = terminal;
		this.environment = environment;
		this.clock = clock;
	}

	/** Runs the command; gives the exit status and never throws. */
	int execute(String... args) {
		boolean json = Arrays.asList(args).contains("--json");
		ErrorReport errors = new ErrorReport(this.terminal, json);
		CommandLine commandLine = new CommandLine(new Root());
		CommandServices services = new CommandServices(this.terminal, this.environment, this.clock);
		commandLine.addSubcommand(new RunCommand(services))
			.addSubcommand(new ResumeCommand(services))
			.addSubcommand(new StopCommand(services))
			.addSubcommand(new StatusCommand(services))
			.addSubcommand(new AuditCommand(services))
			.addSubcommand(new ValidateCommand(services))
			.addSubcommand(new LoadCommand(services))
			.addSubcommand(new DemoCommand(services));
		commandLine.setOut(writer(this.terminal.out()));
		commandLine.setErr(writer(this.terminal.err()));
		commandLine.setParameterExceptionHandler((ex, given) -> errors.usage(usageLines(ex)));
		commandLine.setExecutionExceptionHandler((ex, command, parsed) -> errors.failure(ex));
		return commandLine.execute(args);
	}

	private static PrintWriter writer(PrintStream stream) {
		return new PrintWriter(stream, true, StandardCharsets.UTF_8);
	}

	private static List<String> usageLines(ParameterException ex) {
		String command = ex.getCommandLine().getCommandSpec().qualifiedName();
		String message = String.valueOf(ex.getMessage()).lines().findFirst().orElse("");
		if (ex instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
			message += ", did you mean '" + unmatched.getSuggestions().get(0) + "'?";
		}
		return List.of(message + " (see '" + command + " --help')");
	}

	/** The command without a subcommand: shows what there is. */
	@Command(name = "kvpurge", mixinStandardHelpOptions = true, versionProvider = Version.class,
			description = "Deletes keys from a key-value store by rule, in bulk, as a batch job.",
			footer = { "",
					"Exit status: 0 completed, 1 failed (launching again helps), 2 usage or definition (nothing was touched),",
					"  3 stopped or held, 4 a guard or limit, 5 busy, 6 completed but keys were refused, 130/143 by signal." })
	static final class Root implements Runnable {

		@Spec
		private @Nullable CommandSpec spec;

		@Override
		public void run() {
			if (this.spec != null) {
				throw new ParameterException(this.spec.commandLine(), "a command is missing");
			}
		}

	}

	/** The version of the jar. */
	static final class Version implements IVersionProvider {

		@Override
		public String[] getVersion() {
			return new String[] { "kvpurge " + CommandServices.version() };
		}

	}

	/** What a command's {@code call} gives. */
	static int status(ExitCode code) {
		return code.status();
	}

}
