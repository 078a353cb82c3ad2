package io.kvpurge.cli;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.filter.ParameterType;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.RunMode;

/** The options of what runs a definition. */
final class LaunchOptions {

	@Option(names = "--new", description = "Begin anew even if there is an unfinished run.")
	boolean fresh;

	@Option(names = "--wait", paramLabel = "DURATION",
			description = "Wait so long, 30m say, while another process runs the definition.")
	@Nullable String wait;

	@Option(names = "--workers", description = "Let workers work on the ranges, as 'partitions-on: workers' does.")
	boolean workers;

	/**
	 * @throws DefinitionException if the wait is no duration
	 */
	RunRequest request(BoundDefinition bound, RunMode mode) {
		return new RunRequest(this.workers ? bound.withWorkers() : bound, mode, this.fresh, patience(this.wait));
	}

	static Duration patience(@Nullable String wait) {
		if (wait == null) {
			return Duration.ZERO;
		}
		return duration("--wait", wait, "90s or 30m");
	}

	/**
	 * The duration that an option gives.
	 * @param examples two of them
	 * @throws DefinitionException if it is none
	 */
	static Duration duration(String option, String text, String examples) {
		try {
			return ParameterType.duration(text);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new DefinitionException(
					List.of(option + " is '" + text + "': expected a duration such as " + examples));
		}
	}

}
