package io.kvpurge.backup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.kvpurge.store.KeyValue;

/**
 * What a run's backup holds.
 *
 * @param segments those that are there, range by range, in the order in which they were
 * written
 * @param missing those of which later ones show that they were there
 */
public record BackupContent(List<Segment> segments, List<Path> missing) {

	public BackupContent {
		segments = List.copyOf(segments);
		missing = List.copyOf(missing);
	}

	/** How many entries it says that it holds; one may stand there several times. */
	public long entries() {
		return this.segments.stream().mapToLong(Segment::entries).sum();
	}

	/** How many bytes it takes. */
	public long size() {
		return this.segments.stream().mapToLong(Segment::size).sum();
	}

	/** One line for each segment that is missing or damaged, empty if all is well. */
	public List<String> problems() {
		List<String> problems = new ArrayList<>();
		this.missing.forEach((file) -> problems.add("backup segment " + file + " is missing"));
		for (Segment segment : this.segments) {
			try {
				segment.verify();
			}
			catch (BackupException ex) {
				problems.add(String.valueOf(ex.getMessage()));
			}
		}
		return problems;
	}

	/**
	 * Hands on all entries, in the order in which they were saved within their range. One
	 * that was saved again comes again.
	 * @throws BackupException at the first segment that is missing or damaged
	 */
	public void forEach(Consumer<KeyValue> consumer) {
		if (!this.missing.isEmpty()) {
			throw new BackupException("backup segment " + this.missing.get(0) + " is missing");
		}
		this.segments.forEach((segment) -> segment.forEach(consumer));
	}

}
