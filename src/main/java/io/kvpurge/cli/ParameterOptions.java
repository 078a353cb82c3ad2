package io.kvpurge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Option;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.TextFile;

/** The option that gives a definition's parameters. */
final class ParameterOptions {

	@Option(names = { "-p", "--parameter" }, paramLabel = "NAME=VALUE",
			description = "A parameter of the definition; repeatable for lists; @FILE reads lines.")
	private List<String> parameters = List.of();

	/** Whether any was given. */
	boolean areGiven() {
		return !this.parameters.isEmpty();
	}

	/**
	 * The values by name.
	 * @param in what @- reads
	 * @throws DefinitionException if one has no name, or a file cannot be read
	 */
	Map<String, List<String>> values(InputStream in) {
		Map<String, List<String>> values = new LinkedHashMap<>();
		for (String parameter : this.parameters) {
			int equals = parameter.indexOf('=');
			if (equals < 1) {
				throw new DefinitionException(List.of("-p " + parameter + ": expected NAME=VALUE"));
			}
			String value = parameter.substring(equals + 1);
			values.computeIfAbsent(parameter.substring(0, equals), (name) -> new ArrayList<>())
				.addAll(value.startsWith("@") ? lines(value.substring(1), in) : List.of(value));
		}
		return values;
	}

	private static List<String> lines(String source, InputStream in) {
		String text = source.equals("-") ? standardInput(in) : TextFile.read(Path.of(source));
		return text.lines().filter((line) -> !line.isEmpty()).toList();
	}

	private static String standardInput(InputStream in) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
		}
		catch (IOException ex) {
			throw new DefinitionException(List.of("standard input: " + TextFile.reason(Path.of("-"), ex)));
		}
	}

}
