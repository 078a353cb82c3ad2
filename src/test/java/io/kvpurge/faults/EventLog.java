package io.kvpurge.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What children have done, over all launches: a line for each event, written before the
 * child goes on, so that it outlives a kill.
 */
record EventLog(Path file) {

	static final String STARTED = "STARTED";

	/** Followed by the point. */
	static final String HIT = "HIT ";

	/** Followed by the prefix of the range. */
	static final String LISTED = "LISTED ";

	/** Ranges were committed. */
	static final String SPLIT = "SPLIT";

	void write(String line) {
		try {
			Files.writeString(this.file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> lines() {
		try {
			return Files.exists(this.file) ? Files.readAllLines(this.file) : List.of();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** How many lines are exactly this one. */
	long count(String line) {
		return lines().stream().filter(line::equals).count();
	}

}
