package io.kvpurge.job;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import io.kvpurge.ledger.PurgeRun;

/**
 * Names run, attempt and range in whatever this thread logs, until they are removed.
 *
 * @param names what it put there
 */
record LogLabels(List<String> names) {

	private static final String RUN = "run";

	private static final String ATTEMPT = "attempt";

	private static final String RANGE = "range";

	static LogLabels run(PurgeRun run) {
		MDC.put(RUN, run.id().toString());
		MDC.put(ATTEMPT, Integer.toString(run.attempts()));
		return new LogLabels(List.of(RUN, ATTEMPT));
	}

	static LogLabels range(String name) {
		MDC.put(RANGE, name);
		return new LogLabels(List.of(RANGE));
	}

	/**
	 * The task with the names that this thread has now, in whatever thread it is done.
	 */
	static Runnable carriedTo(Runnable task) {
		@Nullable Map<String, String> labels = MDC.getCopyOfContextMap();
		return () -> {
			if (labels != null) {
				MDC.setContextMap(labels);
			}
			try {
				task.run();
			}
			finally {
				MDC.clear();
			}
		};
	}

	void remove() {
		this.names.forEach(MDC::remove);
	}

}
