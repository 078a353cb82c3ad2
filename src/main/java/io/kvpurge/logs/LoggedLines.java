package io.kvpurge.logs;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs each line that is written: whoever collects JSON gets nothing else. What is not a
 * whole line yet is logged when it is flushed: a question must be seen.
 */
final class LoggedLines extends OutputStream {

	/** What lines begin with that say what is wrong. */
	private static final String PROBLEM = "kvpurge: ";

	private final Logger logger = LoggerFactory.getLogger("io.kvpurge.cli");

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	@Override
	public synchronized void write(int character) {
		if (character == '\n' || character == '\r') {
			flush();
		}
		else {
			this.line.write(character);
		}
	}

	@Override
	public synchronized void flush() {
		String text = this.line.toString(StandardCharsets.UTF_8).stripTrailing();
		this.line.reset();
		if (text.startsWith(PROBLEM)) {
			this.logger.warn(text.substring(PROBLEM.length()));
		}
		else if (!text.isEmpty()) {
			this.logger.info(text);
		}
	}

}
