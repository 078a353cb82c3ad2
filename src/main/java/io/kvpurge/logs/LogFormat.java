package io.kvpurge.logs;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** In which form everything goes to standard error that is no result. */
public final class LogFormat {

	/** What may be asked for. */
	public static final String KNOWN = "text, ecs, gelf or logstash";

	private static final String TEXT = "text";

	/** Spring Boot's own. */
	private static final Set<String> STRUCTURED = Set.of("ecs", "gelf", "logstash");

	private LogFormat() {
	}

	/** Whether there is such a format; null and nothing are text. */
	public static boolean isKnown(@Nullable String format) {
		return isText(format) || STRUCTURED.contains(format);
	}

	private static boolean isText(@Nullable String format) {
		return format == null || format.isEmpty() || format.equals(TEXT);
	}

	/**
	 * Logs in this format from now on. Must come before anything is logged.
	 * @param err standard error
	 * @return where lines go that are no logs: there too, or in JSON into the logs
	 */
	public static PrintStream begin(@Nullable String format, PrintStream err) {
		// What drivers log by the JDK's means goes the same way.
		SLF4JBridgeHandler.removeHandlersForRootLogger();
		SLF4JBridgeHandler.install();
		if (format == null || isText(format)) {
			return err;
		}
		System.setProperty("kvpurge.logs", "structured");
		System.setProperty("kvpurge.logs.format", format);
		// It would say, as text, that Spring logged while logs were being set up.
		System.setProperty("slf4j.internal.verbosity", "ERROR");
		return new PrintStream(new LoggedLines(), true, StandardCharsets.UTF_8);
	}

}
