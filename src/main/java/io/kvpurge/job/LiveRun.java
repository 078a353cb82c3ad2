package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RunTotals;

/**
 * What a running purge shows of itself to other processes, in {@code live.json}.
 *
 * @param run the run
 * @param attempt which launch of it
 * @param pid the process
 * @param host where it runs
 * @param startedAt when this attempt began
 * @param updatedAt when this was written
 * @param totals what the ledger said then
 * @param ranges how far each range had come
 * @param pace how fast it was
 */
public record LiveRun(String run, int attempt, long pid, String host, Instant startedAt, Instant updatedAt,
		RunTotals totals, List<Range> ranges, Pace pace) {

	/** It is written each second; a busy machine may be late. */
	private static final Duration FRESH = Duration.ofSeconds(15);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/** An older version shows neither ranges nor pace. */
	public LiveRun {
		ranges = List.copyOf(Objects.requireNonNullElse(ranges, List.of()));
		pace = Objects.requireNonNullElse(pace, Pace.NOT_YET);
	}

	static LiveRun of(PurgeRun run, Instant startedAt, Instant now, RunTotals totals, List<LedgerRange> ranges,
			Pace pace) {
		return new LiveRun(run.id().toString(), run.attempts(), run.origin().pid(), run.origin().host(), startedAt, now,
				totals, ranges.stream().map(Range::of).toList(), pace);
	}

	/** The file's content, null if there is none, or none that can be read. */
	static @Nullable LiveRun read(Path file) {
		try {
			return Files.exists(file) ? JSON.readValue(Files.readString(file), LiveRun.class) : null;
		}
		catch (IOException | JacksonException ex) {
			return null;
		}
	}

	/** Whether it was written so lately that the run is under way. */
	public boolean isFresh(Instant now) {
		return Duration.between(this.updatedAt, now).compareTo(FRESH) < 0;
	}

	/** Replaces the file at once: a reader sees the old content or the new. */
	void write(Path file) {
		try {
			Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
			Files.writeString(temporary, JSON.writeValueAsString(this) + "\n");
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * How far a range has come.
	 *
	 * @param name the name of its partition
	 * @param done whether nothing of it is left to do; of a run that finds everything
	 * first: to find, and later to delete
	 */
	public record Range(String name, boolean done, long listed, long matched, long deleted) {

		private static Range of(LedgerRange range) {
			EntryCounts counts = range.progress().counts();
			return new Range(range.name(), range.progress().done(), counts.listed(), counts.matched(),
					counts.deleted());
		}

	}

}
