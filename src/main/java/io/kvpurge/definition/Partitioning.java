package io.kvpurge.definition;

import org.jspecify.annotations.Nullable;

/**
 * Into how many ranges the keys of a run are split, and who works on them.
 *
 * @param wanted how many, null if nobody said so
 * @param onWorkers whether other processes work on them
 */
public record Partitioning(@Nullable Integer wanted, boolean onWorkers) {

	static final int MOST = 256;

	private static final int IN_PROCESS = 4;

	/** Many more than there are slots: nobody shall wait long for the last one. */
	private static final int ON_WORKERS = 64;

	/** What the definition says, or what is usual. */
	int ranges() {
		if (this.wanted != null) {
			return this.wanted;
		}
		return this.onWorkers ? ON_WORKERS : IN_PROCESS;
	}

}
