package io.kvpurge.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a program left that was launched with nothing of this process's environment.
 *
 * @param command what was launched
 * @param status its exit status
 * @param output both of its streams
 */
public record FinishedProgram(List<String> command, int status, String output) {

	public FinishedProgram {
		command = List.copyOf(command);
	}

	/**
	 * Launches it and waits for its end.
	 * @param folder where its output is kept
	 * @param variables all that is in its environment
	 */
	public static FinishedProgram launch(Path folder, Map<String, String> variables, List<String> command)
			throws IOException, InterruptedException {
		Path output = Files.createTempFile(folder, "output", ".txt");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().clear();
		builder.environment().putAll(variables);
		int status = builder.start().waitFor();
		return new FinishedProgram(command, status, Files.readString(output));
	}

	/** Its output, if it ended with this status. */
	public String exits(int expected) {
		assertThat(this.status).as("%s%n%s", this.command, this.output).isEqualTo(expected);
		return this.output;
	}

}
