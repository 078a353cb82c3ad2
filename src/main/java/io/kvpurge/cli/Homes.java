package io.kvpurge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.ledger.PostgresqlAddress;

/**
 * Finds the home's folder: the option, the environment, or the XDG state directory; and
 * the database that is shared in its place, if there is one.
 */
final class Homes {

	private static final String DATABASE_URL = "KVPURGE_DATABASE_URL";

	private Homes() {
	}

	static Path folder(@Nullable Path option, UnaryOperator<@Nullable String> environment) {
		if (option != null) {
			if (option.toString().isEmpty()) {
				throw new DefinitionException(List.of("--home is empty: name a folder"));
			}
			return absolute(option);
		}
		for (String variable : new String[] { "KVPURGE_HOME", "STATE_DIRECTORY" }) {
			String value = environment.apply(variable);
			if (value != null && !value.isEmpty()) {
				return absolute(Path.of(value));
			}
		}
		String state = environment.apply("XDG_STATE_HOME");
		Path base = (state != null && Path.of(state).isAbsolute()) ? Path.of(state)
				: Path.of(System.getProperty("user.home"), ".local", "state");
		return absolute(base.resolve("kvpurge"));
	}

	private static Path absolute(Path path) {
		return path.toAbsolutePath().normalize();
	}

	/** The shared database, null if the state is kept in the folder. */
	static @Nullable PostgresqlAddress database(UnaryOperator<@Nullable String> environment) {
		String url = environment.apply(DATABASE_URL);
		if (url == null) {
			return null;
		}
		try {
			return PostgresqlAddress.of(url, environment.apply("KVPURGE_DATABASE_USERNAME"),
					environment.apply("KVPURGE_DATABASE_PASSWORD"));
		}
		catch (IllegalArgumentException ex) {
			throw new DefinitionException(List.of("environment variable " + DATABASE_URL + ": " + ex.getMessage()));
		}
	}

}
