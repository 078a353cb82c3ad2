package io.kvpurge.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;
import tools.jackson.dataformat.csv.CsvWriteFeature;

import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.store.Key;

/**
 * Writes each key of a run's calls as a line for machines, in UTF-8, one call at a time.
 * Closing it leaves the stream open.
 */
final class KeyLines implements AutoCloseable {

	/** The columns of a line, in their order. */
	static final List<String> COLUMNS = List.of("key", "key64", "outcome", "reason", "run", "range", "call", "attempt",
			"announced", "settled", "digest", "launchedBy", "host", "version");

	private final PurgeRun run;

	private final Map<Integer, RunOrigin> launches;

	private final SequenceWriter lines;

	private final boolean omitsEmpty;

	private KeyLines(PurgeRun run, List<RunAttempt> attempts, SequenceWriter lines, boolean omitsEmpty) {
		this.run = run;
		this.launches = attempts.stream().collect(Collectors.toMap(RunAttempt::number, RunAttempt::origin));
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
		return new KeyLines(run, attempts, writer.writeValues(out), true);
	}

	/**
	 * Comma-separated values as in RFC 4180, but for lines that end in a line feed alone;
	 * the first line names the columns. What is not there is empty; an empty text is a
	 * pair of quotes.
	 */
	static KeyLines csv(PrintStream out, PurgeRun run, List<RunAttempt> attempts) {
		CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true);
		COLUMNS.forEach(schema::addColumn);
		ObjectWriter writer = CsvMapper.builder()
			.disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
			.enable(CsvWriteFeature.ALWAYS_QUOTE_EMPTY_STRINGS)
			.build()
			.writer(schema.build());
		return new KeyLines(run, attempts, writer.writeValues(out), false);
	}

	void write(LedgerCall call) {
		// Runs of the first versions have no attempts: of them only the latest launch is
		// known.
		RunOrigin launch = this.launches.getOrDefault(call.attempt(), this.run.origin());
		for (int i = 0; i < call.keys().size(); i++) {
			KeyOutcome outcome = (call.settledAt() != null) ? call.outcomes().get(i) : null;
			this.lines.write(line(call, call.keys().get(i), outcome, launch));
		}
	}

	private Map<String, @Nullable Object> line(LedgerCall call, Key key, @Nullable KeyOutcome outcome,
			RunOrigin launch) {
		Instant settledAt = call.settledAt();
		Map<String, @Nullable Object> line = new LinkedHashMap<>();
		put(line, "key", key.isText() ? key.text() : null);
		put(line, "key64", key.isText() ? null : key.base64());
		put(line, "outcome", word(outcome));
		put(line, "reason", (outcome != null) ? outcome.reason() : null);
		put(line, "run", call.run().toString());
		put(line, "range", call.range());
		put(line, "call", call.sequence());
		put(line, "attempt", call.attempt());
		put(line, "announced", call.announcedAt().toString());
		line.put("settled", (settledAt != null) ? settledAt.toString() : null);
		put(line, "digest", this.run.identity().digest());
		put(line, "launchedBy", launch.user());
		put(line, "host", launch.host());
		put(line, "version", launch.version());
		return line;
	}

	private void put(Map<String, @Nullable Object> line, String column, @Nullable Object value) {
		if (value != null || !this.omitsEmpty) {
			line.put(column, value);
		}
	}

	/** The outcome as it is written for machines. */
	static String word(@Nullable KeyOutcome outcome) {
		return (outcome != null) ? outcome.outcome().name().toLowerCase(Locale.ROOT) : "in-doubt";
	}

	@Override
	public void close() {
		this.lines.close();
	}

}
