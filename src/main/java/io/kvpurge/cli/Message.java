package io.kvpurge.cli;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.report.ExitCode;
import io.kvpurge.report.RunReport;

/** Shows one line as a command's result, or as its JSON object. */
record Message(Terminal terminal, boolean json) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	void show(ExitCode code, String line) {
		if (!this.json) {
			this.terminal.out().println(line);
			return;
		}
		ObjectNode object = JSON.createObjectNode();
		object.put("schema", RunReport.SCHEMA);
		object.putNull("run");
		object.put("status", code.name());
		object.put("exit", code.status());
		object.put("reason", line);
		object.putArray("errors");
		this.terminal.out().println(object);
	}

}
