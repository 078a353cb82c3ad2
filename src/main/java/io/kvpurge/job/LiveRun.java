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
import io.kvpurge.ledger.RangeHolder;
import io.kvpurge.ledger.RemoteRuns;
import io.kvpurge.ledger.RemoteWorker;
import io.kvpurge.ledger.RunId;
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
 * @param workers who works on it in its stead, none if it works itself
 */
public record LiveRun(String run, int attempt, long pid, String host, Instant startedAt, Instant updatedAt,
		RunTotals totals, List<Range> ranges, Pace pace, List<Worker> workers) {

	/** It is written each second; a busy machine may be late. */
	private static final Duration FRESH = Duration.ofSeconds(15);

	private static final JsonMapper JSON = JsonMapper.shared();

	/** An older version shows neither ranges nor pace nor workers. */
	public LiveRun {
		workers = List.copyOf(Objects.requireNonNullElse(workers, List.of()));
		ranges = List.copyOf(Objects.requireNonNullElse(ranges, List.of()));
		pace = Objects.requireNonNullElse(pace, Pace.NOT_YET);
	}

	/** Where this process works itself. */
	public LiveRun(String run, int attempt, long pid, String host, Instant startedAt, Instant updatedAt,
			RunTotals totals, List<Range> ranges, Pace pace) {
		this(run, attempt, pid, host, startedAt, updatedAt, totals, ranges, pace, List.of());
	}

	/** The same with those who work on it. */
	LiveRun with(List<Worker> others) {
		return new LiveRun(this.run, this.attempt, this.pid, this.host, this.startedAt, this.updatedAt, this.totals,
				this.ranges, this.pace, others);
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

	/**
	 * A process that works on ranges of the run, or could.
	 *
	 * @param name its host, its process, and some letters
	 * @param slots how many ranges it works on at once, of all runs
	 * @param ranges those of this run that it works on now
	 * @param perSecond how many entries it lists and deletes in a second
	 * @param remark which runs it takes no ranges of, and why; null if there are none
	 */
	public record Worker(String name, int slots, List<String> ranges, long perSecond, @Nullable String remark) {

		public Worker {
			ranges = List.copyOf(ranges);
		}

		private static Worker of(RemoteWorker worker, List<RangeHolder> all) {
			List<RangeHolder> held = all.stream()
				.filter((holder) -> holder.isAlive() && holder.worker().equals(worker.name()))
				.toList();
			return new Worker(worker.name(), worker.slots(),
					held.stream().map((holder) -> LedgerRange.name(holder.range())).toList(),
					Math.round(held.stream().mapToDouble(RangeHolder::perSecond).sum()), worker.remark());
		}

		/** Those that are there. */
		static List<Worker> of(RemoteRuns remote, RunId run) {
			List<RangeHolder> holders = remote.holders(run);
			return remote.workers()
				.stream()
				.filter(RemoteWorker::isAlive)
				.map((worker) -> of(worker, holders))
				.toList();
		}

	}

}
