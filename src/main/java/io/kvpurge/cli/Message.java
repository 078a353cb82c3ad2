package io.kvpurge.cli;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Shows one line as a command's result, or as its JSON object. */
record Message(Terminal terminal, boolean json) {

	private static final JsonMapper JSON = JsonMapper.shared();

	void show(ExitCode code, String line) {
		this.terminal.out().println(this.json ? object(code, line, List.of()) : line);
	}

	/** What people are told of a failure: some messages go on over several lines. */
	static String firstLine(Throwable failure) {
		return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
	}

	/** What kind of failure it is, and the first line of what it says. */
	static String why(Exception failure) {
		String message = firstLine(failure);
		return failure.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
	}

	/** The result object of a command that has no run to show. */
	static ObjectNode object(ExitCode code, String reason, List<String> errors) {
		ObjectNode object = JSON.createObjectNode();
		object.put("schema", RunReport.SCHEMA);
		object.putNull("run");
		object.put("status", code.name());
		object.put("exit", code.status());
		object.put("reason", reason);
		errors.forEach(object.putArray("errors")::add);
		return object;
	}

}
