package io.kvpurge.ledger;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/** The hashes of calls and runs, as docs/ledger.md writes them down. */
final class CallHashes {

	private CallHashes() {
	}

	/** The hash that stands before the first call of a range. */
	static String start(RunId run, int range) {
		return LedgerHash.of("range").add(run.toString()).add(range).hex();
	}

	static String announced(String previous, RunId run, int range, int sequence, int attempt, Instant announcedAt,
			List<Key> keys) {
		return LedgerHash.of("announced")
			.add(previous)
			.add(run.toString())
			.add(range)
			.add(sequence)
			.add(attempt)
			.add(announcedAt)
			.add(keys)
			.hex();
	}

	static String settled(String announced, String outcomes, String reasons, @Nullable Instant settledAt) {
		return LedgerHash.of("settled").add(announced).add(outcomes).add(reasons).add(settledAt).hex();
	}

	/**
	 * The hash over a range as it stands: its bounds, counts, and the chain of its calls.
	 */
	static String range(StoredRange range, RangeChain chain) {
		EntryCounts counts = range.counts();
		CallCounts calls = range.calls();
		LedgerHash hash = LedgerHash.of("sealed-range", (range.findings() != null) ? 2 : 1)
			.add(range.run().toString())
			.add(range.number())
			.add(range.bounds())
			.add(range.position())
			.add(range.done())
			.add(range.reasons());
		for (long count : new long[] { counts.listed(), counts.unmatched(), counts.held(), counts.undecided(),
				counts.matched(), counts.deleted(), counts.vanished(), counts.spared(), counts.refused(), calls.list(),
				calls.delete(), calls.other(), calls.retried() }) {
			hash.add(count);
		}
		if (range.findings() != null) {
			hash.add(range.findings());
		}
		return hash.add(chain.calls()).add(chain.lastAnnounced()).add(chain.settledDigest()).hex();
	}

	/**
	 * The seal of a run.
	 * @param attempts each of its attempts; empty if it was sealed by a version that did
	 * not write them down
	 */
	static String seal(PurgeRun run, List<RunAttempt> attempts, @Nullable String previousSeal,
			List<String> rangeHashes) {
		RunIdentity identity = run.identity();
		RunOrigin origin = run.origin();
		LedgerHash hash = LedgerHash.of("seal", version(run, attempts))
			.add(run.id().toString())
			.add(identity.mode().name())
			.add(identity.digest())
			.add(run.definitionText())
			.add(identity.parameters())
			.add(identity.store())
			.add(identity.asOf())
			.add(run.guarantee().toString())
			.add(run.tellsVanished())
			.add(origin.user())
			.add(origin.host())
			.add(origin.pid())
			.add(origin.version())
			.add(run.attempts())
			.add(run.state().name())
			.add(run.reason())
			.add(run.startedAt())
			.add(run.endedAt())
			.add(previousSeal)
			.add(rangeHashes.size());
		rangeHashes.forEach(hash::add);
		if (!attempts.isEmpty()) {
			hash.add((run.replaces() != null) ? run.replaces().toString() : null).add(attempts.size());
			attempts.forEach((attempt) -> add(hash, attempt));
		}
		RestoreTerms restore = identity.restore();
		if (restore != null) {
			hash.add(restore.run()).add(restore.where()).add(restore.overwrite());
		}
		else if (isOfPlan(run)) {
			hash.add((identity.plan() != null) ? identity.plan().toString() : null).add(run.forecastText());
		}
		return hash.hex();
	}

	/** Seals of older versions, which covered less, stay what they are. */
	private static int version(PurgeRun run, List<RunAttempt> attempts) {
		if (run.identity().restore() != null) {
			return 4;
		}
		if (isOfPlan(run)) {
			return 3;
		}
		return attempts.isEmpty() ? 1 : 2;
	}

	private static boolean isOfPlan(PurgeRun run) {
		return run.identity().plan() != null || run.forecastText() != null;
	}

	private static void add(LedgerHash hash, RunAttempt attempt) {
		hash.add(attempt.number())
			.add(attempt.origin().user())
			.add(attempt.origin().host())
			.add(attempt.origin().pid())
			.add(attempt.origin().version())
			.add(attempt.startedAt())
			.add(attempt.endedAt())
			.add(attempt.state().name())
			.add(attempt.reason());
	}

}
