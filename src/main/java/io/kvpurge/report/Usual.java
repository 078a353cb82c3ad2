package io.kvpurge.report;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** What is usual of runs that are like one another. */
public final class Usual {

	/** Fewer runs say nothing of what is usual. */
	public static final int RUNS = 3;

	private Usual() {
	}

	/**
	 * The middle one of the counts of earlier runs, the larger of two; null if there are
	 * too few to tell.
	 */
	public static @Nullable Long of(Stream<Long> counts) {
		List<Long> sorted = counts.sorted().toList();
		return (sorted.size() >= RUNS) ? sorted.get(sorted.size() / 2) : null;
	}

}
