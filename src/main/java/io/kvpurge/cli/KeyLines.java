package io.kvpurge.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;
import tools.jackson.dataformat.csv.CsvWriteFeature;

import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;

/**
 * Writes each key of a run's calls as a line for machines, in UTF-8, one call at a time.
 * Closing it leaves the stream open.
 */
final class KeyLines implements AutoCloseable {

	private final CallFields fields;

	private final SequenceWriter lines;

	private final boolean omitsEmpty;

	private KeyLines(CallFields fields, SequenceWriter lines, boolean omitsEmpty) {
		this.fields = fields;
		this.lines = lines;
		this.omitsEmpty = omitsEmpty;
	}

	/** One object a line; what is not there is left out, but for {@code settled}. */
	static KeyLines json(PrintStream out, PurgeRun run, List<RunAttempt> attempts) {
		ObjectWriter writer = JsonMapper.builder()
			.disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
			.build()
			.writer()
			.withRootValueSeparator("\n");
		return new KeyLines(new CallFields(run, attempts), writer.writeValues(out), true);
	}

	/**
	 * Comma-separated values as in RFC 4180, but for lines that end in a line feed alone;
	 * the first line names the columns. What is not there is empty; every text stands in
	 * quotes, an empty one too.
	 */
	static KeyLines csv(PrintStream out, PurgeRun run, List<RunAttempt> attempts) {
		CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true);
		CallFields.NAMES.forEach(schema::addColumn);
		ObjectWriter writer = CsvMapper.builder()
			.disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
			.enable(CsvWriteFeature.ALWAYS_QUOTE_STRINGS)
			.build()
			.writer(schema.build());
		return new KeyLines(new CallFields(run, attempts), writer.writeValues(out), false);
	}

	void write(LedgerCall call) {
		for (int i = 0; i < call.keys().size(); i++) {
			Map<String, @Nullable Object> line = this.fields.of(call, i);
			if (this.omitsEmpty) {
				line.entrySet().removeIf((field) -> field.getValue() == null && !field.getKey().equals("settled"));
			}
			this.lines.write(line);
		}
	}

	@Override
	public void close() {
		this.lines.close();
	}

}
