package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.job.Home;

/** Finds the home: the option, the environment, or the XDG state directory. */
final class Homes {

	private Homes() {
	}

	static Home find(@Nullable Path option, UnaryOperator<@Nullable String> environment) {
		if (option != null) {
			if (option.toString().isEmpty()) {
				throw new DefinitionException(List.of("--home is empty: name a folder"));
			}
			return new Home(option);
		}
		for (String variable : new String[] { "KVPURGE_HOME", "STATE_DIRECTORY" }) {
			String value = environment.apply(variable);
			if (value != null && !value.isEmpty()) {
				return new Home(Path.of(value));
			}
		}
		String state = environment.apply("XDG_STATE_HOME");
		Path base = (state != null && Path.of(state).isAbsolute()) ? Path.of(state)
				: Path.of(System.getProperty("user.home"), ".local", "state");
		return new Home(base.resolve("kvpurge"));
	}

}
