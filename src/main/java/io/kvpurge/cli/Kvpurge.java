package io.kvpurge.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;

import io.kvpurge.logs.LogFormat;
import io.kvpurge.report.ExitCode;

/** Where the process begins. */
final class Kvpurge {

	private Kvpurge() {
	}

	public static void main(String[] args) {
		// Figures and dates are the same wherever a scheduler runs.
		Locale.setDefault(Locale.ROOT);
		// UTF-8 even where cron knows no locale: keys must come out as they are.
		PrintStream out = stream(FileDescriptor.out);
		PrintStream plain = stream(FileDescriptor.err);
		String format = System.getenv("KVPURGE_LOG_FORMAT");
		if (!LogFormat.isKnown(format)) {
			plain.println("kvpurge: KVPURGE_LOG_FORMAT is '" + format + "': expected " + LogFormat.KNOWN);
			TerminationSignal.exit(ExitCode.USAGE.status());
			return;
		}
		PrintStream err = LogFormat.begin(format, plain);
		Terminal terminal = new Terminal(System.in, out, err, isInteractive());
		int status = new CommandLineRunner(terminal, System::getenv, Clock.systemUTC()).execute(args);
		out.flush();
		err.flush();
		TerminationSignal.exit(status);
	}

	@SuppressWarnings("SystemConsoleNull") // both of its meanings are asked for
	private static boolean isInteractive() {
		Console console = System.console();
		if (console == null) {
			return false;
		}
		try {
			// From JDK 22 on there may be a console without a terminal.
			return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

	private static PrintStream stream(FileDescriptor descriptor) {
		return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 13), true,
				StandardCharsets.UTF_8);
	}

}
