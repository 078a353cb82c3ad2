package io.kvpurge.backup;

import java.util.List;

/**
 * What a run's backup holds.
 *
 * @param segments those that are there
 */
public record BackupContent(List<Segment> segments) {

	public BackupContent {
		segments = List.copyOf(segments);
	}

	/** How many entries it says that it holds; one may stand there several times. */
	public long entries() {
		return this.segments.stream().mapToLong(Segment::entries).sum();
	}

	/** How many bytes it takes. */
	public long size() {
		return this.segments.stream().mapToLong(Segment::size).sum();
	}

}
