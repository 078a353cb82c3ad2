package io.kvpurge.report;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.CallSummary;

/** How many keys were found, and how many done, in each part of the time of a run. */
final class Throughput {

	static final int PARTS = 60;

	private final ActiveTime time;

	private final double[] found = new double[PARTS];

	private final double[] done = new double[PARTS];

	Throughput(ActiveTime time) {
		this.time = time;
	}

	/** Spreads the keys of a call over the time that it took. */
	void add(CallSummary call) {
		Instant settledAt = call.settledAt();
		if (settledAt == null) {
			return;
		}
		long keys = call.planned() ? call.keys() : call.counts().allDeleted();
		double from = this.time.at(call.announcedAt()) * PARTS;
		double to = this.time.at(settledAt) * PARTS;
		double[] parts = call.planned() ? this.found : this.done;
		int first = (int) Math.min(PARTS - 1, from);
		int last = (int) Math.min(PARTS - 1, to);
		for (int part = first; part <= last; part++) {
			double share = (first == last) ? 1
					: (Math.min(to, part + 1) - Math.max(from, part)) / Math.max(1e-9, to - from);
			parts[part] += keys * share;
		}
	}

	double secondsOfPart() {
		return this.time.length().toMillis() / 1000.0 / PARTS;
	}

	List<Double> found() {
		return Arrays.stream(this.found).boxed().toList();
	}

	List<Double> done() {
		return Arrays.stream(this.done).boxed().toList();
	}

	/** The most keys in a part. */
	double most() {
		return Math.max(Arrays.stream(this.found).max().orElse(0), Arrays.stream(this.done).max().orElse(0));
	}

	/** The most keys in a second, null if no call says when anything was done. */
	@Nullable Double peak() {
		return (most() > 0) ? most() / secondsOfPart() : null;
	}

}
