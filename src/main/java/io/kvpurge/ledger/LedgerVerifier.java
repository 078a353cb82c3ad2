package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Recomputes the hashes of a run from its rows and names the first place at which they do
 * not say what was written.
 */
final class LedgerVerifier {

	private final JdbcClient jdbc;

	private final DeletionLedger ledger;

	LedgerVerifier(JdbcClient jdbc, DeletionLedger ledger) {
		this.jdbc = jdbc;
		this.ledger = ledger;
	}

	Verification verify(RunId id) {
		PurgeRun run = this.ledger.find(id);
		if (run == null) {
			return new Verification(0, 0, "there is no run " + id);
		}
		List<String> hashes = new ArrayList<>();
		long calls = 0;
		for (LedgerRange range : this.ledger.ranges(id)) {
			RangeAudit audit = new RangeAudit(range);
			this.jdbc.sql("select * from purge_call where name = ? and number = ? and range_no = ? order by sequence")
				.params(id.definition(), id.number(), range.number())
				.query(audit::check);
			calls += audit.chain.calls();
			String problem = (audit.problem != null) ? audit.problem : audit.countsProblem();
			if (problem != null) {
				return new Verification(hashes.size() + 1, calls, problem);
			}
			hashes.add(CallHashes.range(range, audit.chain));
		}
		return new Verification(hashes.size(), calls, sealProblem(run, hashes));
	}

	private @Nullable String sealProblem(PurgeRun run, List<String> hashes) {
		if (run.seal() == null) {
			return null;
		}
		String previous = this.jdbc.sql("select previous_seal from purge_run where name = ? and number = ?")
			.params(run.id().definition(), run.id().number())
			.query((row, index) -> String.valueOf(row.getString(1)))
			.single();
		if (!previous.equals("null") && !isSeal(run.id(), previous)) {
			return "run " + run.id() + ": the seal before it, " + previous + ", is no seal of another run";
		}
		String seal = CallHashes.seal(run, previous.equals("null") ? null : previous, hashes);
		return seal.equals(run.seal()) ? null
				: "run " + run.id() + ": the seal does not fit the run, its ranges or their calls";
	}

	private boolean isSeal(RunId id, String seal) {
		return this.jdbc.sql("select count(*) from purge_run where name = ? and number <> ? and seal = ?")
			.params(id.definition(), id.number(), seal)
			.query(Integer.class)
			.single() > 0;
	}

	/** Follows the chain of one range. */
	private static final class RangeAudit {

		private final LedgerRange range;

		private RangeChain chain;

		private long deleted;

		private long vanished;

		private long spared;

		private long refused;

		private @Nullable String problem;

		RangeAudit(LedgerRange range) {
			this.range = range;
			this.chain = RangeChain.start(range.run(), range.number());
		}

		void check(ResultSet row) throws SQLException {
			if (this.problem != null) {
				return;
			}
			int sequence = row.getInt("sequence");
			String place = this.range.name() + " of run " + this.range.run() + ", call " + sequence;
			if (sequence != this.chain.calls() + 1) {
				this.problem = place + ": call " + (this.chain.calls() + 1) + " is missing";
				return;
			}
			try {
				String wrong = wrong(LedgerRows.call(row, sequence), row);
				this.problem = (wrong != null) ? place + ": " + wrong : null;
			}
			catch (RuntimeException ex) {
				this.problem = place + ": cannot be read: " + ex.getMessage();
			}
		}

		private @Nullable String wrong(LedgerCall call, ResultSet row) throws SQLException {
			String announced = CallHashes.announced(this.chain.lastAnnounced(), call.run(), call.range(),
					call.sequence(), call.attempt(), call.announcedAt(), call.keys());
			if (!announced.equals(call.announcedHash())) {
				return "its keys, or what stands before it, are not what was announced";
			}
			if (row.getInt("key_count") != call.keys().size()) {
				return "its number of keys is not what was announced";
			}
			String outcomes = row.getString("outcomes");
			OutcomeCounts counts = OutcomeCounts.of(call.outcomes());
			if (row.getString("state").equals("SETTLED")) {
				String settled = CallHashes.settled(announced, String.valueOf(outcomes),
						String.valueOf(row.getString("reasons")), call.settledAt());
				if (!settled.equals(call.settledHash())) {
					return "its outcomes are not what was settled";
				}
			}
			else if (outcomes != null || call.settledHash() != null) {
				return "it was settled, but is marked as announced";
			}
			if (!counts.equals(counts(row))) {
				return "its counts do not fit its outcomes";
			}
			this.deleted += counts.allDeleted();
			this.vanished += counts.vanished();
			this.spared += counts.spared();
			this.refused += counts.refused();
			this.chain = this.chain.and(call.announcedHash(), call.settledHash());
			return null;
		}

		private static OutcomeCounts counts(ResultSet row) throws SQLException {
			return new OutcomeCounts(row.getInt("deleted"), row.getInt("inferred"), row.getInt("vanished"),
					row.getInt("spared"), row.getInt("refused"), row.getInt("left_over"));
		}

		@Nullable String countsProblem() {
			EntryCounts counts = this.range.progress().counts();
			boolean fits = counts.deleted() == this.deleted && counts.vanished() == this.vanished
					&& counts.spared() == this.spared && counts.refused() == this.refused;
			return fits ? null
					: this.range.name() + " of run " + this.range.run() + ": its counts do not follow from its calls";
		}

	}

}
