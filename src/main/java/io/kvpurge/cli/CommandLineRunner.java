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
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
		try (CommandServices services = new CommandServices(this.terminal, this.environment, this.clock)) {
			return commandLine(services).execute(args);
		}
	}

	private CommandLine commandLine(CommandServices services) {
		CommandLine commandLine = new CommandLine(new Root());
		commandLine.addSubcommand(new RunCommand(services))
			.addSubcommand(new PlanCommand(services))
			.addSubcommand(new ApplyCommand(services))
			.addSubcommand(new ResumeCommand(services))
			.addSubcommand(new StopCommand(services))
			.addSubcommand(new StatusCommand(services))
			.addSubcommand(new ReportCommand(services))
			.addSubcommand(new AuditCommand(services))
			.addSubcommand(new ExplainCommand(services))
			.addSubcommand(new VerifyCommand(services))
			.addSubcommand(new RestoreCommand(services))
			.addSubcommand(new PruneCommand(services))
			.addSubcommand(new ValidateCommand(services))
			.addSubcommand(new DoctorCommand(services))
			.addSubcommand(new WorkerCommand(services))
			.addSubcommand(new LoadCommand(services))
			.addSubcommand(new DemoCommand(services))
			.addSubcommand(new CompletionCommand(services));
		commandLine.setOut(writer(this.terminal.out()));
		commandLine.setErr(writer(this.terminal.err()));
		// What begins with @ is an argument: keys and values may.
		commandLine.setExpandAtFiles(false);
		commandLine.setParameterExceptionHandler(
				(ex, given) -> new ErrorReport(this.terminal, wantsJson(given)).usage(usageLines(ex)));
		commandLine.setExecutionExceptionHandler(
				(ex, command, parsed) -> new ErrorReport(this.terminal, wantsJson(parsed)).failure(ex));
		return commandLine;
	}

	private static PrintWriter writer(PrintStream stream) {
		return new PrintWriter(stream, true, StandardCharsets.UTF_8);
	}

	private static boolean wantsJson(ParseResult parsed) {
		ParseResult last = parsed;
		while (last.hasSubcommand()) {
			last = last.subcommand();
		}
		return last.matchedOptionValue("--json", false);
	}

	/** As well as it can be told of arguments that were not understood. */
	private static boolean wantsJson(String... args) {
		return Arrays.stream(args).takeWhile((argument) -> !argument.equals("--")).anyMatch("--json"::equals);
	}

	private static List<String> usageLines(ParameterException ex) {
		CommandLine command = ex.getCommandLine();
		String message = Message.firstLine(ex);
		if (ex instanceof UnmatchedArgumentException unmatched) {
			String first = unmatched.getUnmatched().get(0);
			if (command.getParent() == null && !first.startsWith("-")) {
				message = "unknown command '" + first + "': expected "
						+ String.join(", ", command.getSubcommands().keySet());
			}
			else if (!unmatched.getSuggestions().isEmpty() && !unmatched.getSuggestions().contains(first)) {
				message += ", did you mean '" + unmatched.getSuggestions().get(0) + "'?";
			}
		}
		return List.of(message + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
	}

	/** The command without a subcommand: shows what there is. */
	@Command(name = "kvpurge", mixinStandardHelpOptions = true, versionProvider = Version.class,
			description = "Deletes keys from a key-value store by rule, in bulk, as a batch job.",
			footer = { "", "Exit status:", "  0  completed, or its window is over and it came further",
					"  1  failed; launching again carries on, and may help",
					"  2  usage, definition or store; nothing was touched",
					"  3  stopped, held, declined or outside its window", "  4  a guard or limit; a person is needed",
					"  5  busy: another process is running it",
					"  6  completed, but the store refused to delete some keys",
					"  130, 143  by signal; the next 'run' carries on" })
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

}
