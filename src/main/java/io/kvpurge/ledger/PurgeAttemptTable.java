package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of {@code purge_attempt}. */
final class PurgeAttemptTable {

	private final JdbcClient jdbc;

	PurgeAttemptTable(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** The attempts of a run by number. */
	List<RunAttempt> all(RunId run) {
		return this.jdbc.sql("select * from purge_attempt where name = ? and number = ? order by attempt")
			.params(run.definition(), run.number())
			.query(PurgeAttemptTable::attempt)
			.list();
	}

	/** The newest attempt of a run, null if there is none. */
	@Nullable RunAttempt last(RunId run) {
		return this.jdbc.sql("""
				select * from purge_attempt where name = ? and number = ?
				order by attempt desc fetch first 1 rows only""")
			.params(run.definition(), run.number())
			.query(PurgeAttemptTable::attempt)
			.optional()
			.orElse(null);
	}

	void insert(RunId run, int attempt, RunOrigin origin, Instant at, long progress) {
		this.jdbc.sql("""
				insert into purge_attempt (name, number, attempt, launched_by, host, pid, version, started_at, alive_at,
					state, progress)
				values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'RUNNING', ?)""")
			.params(run.definition(), run.number(), attempt, origin.user(), origin.host(), origin.pid(),
					origin.version(), Timestamps.of(at), Timestamps.of(at), progress)
			.update();
	}

	/** Ends the attempt of a run that has not ended, if there is one. */
	void end(RunId run, RunState state, @Nullable String reason, Instant at) {
		this.jdbc.sql("""
				update purge_attempt set state = ?, reason = ?, ended_at = ?
				where name = ? and number = ? and ended_at is null""")
			.params(Arrays.asList(state.name(), reason, Timestamps.of(at), run.definition(), run.number()))
			.update();
	}

	/**
	 * Writes down that the owner of a fence is alive.
	 * @return whether it still is the owner
	 */
	boolean sign(RunFence fence, Instant at) {
		return this.jdbc.sql("""
				update purge_attempt set alive_at = ? where name = ? and number = ? and ended_at is null
					and exists (select 1 from purge_run r where r.name = ? and r.number = ? and r.fence = ?
						and r.state = 'RUNNING')""")
			.params(Timestamps.of(at), fence.run().definition(), fence.run().number(), fence.run().definition(),
					fence.run().number(), fence.fence())
			.update() > 0;
	}

	private static RunAttempt attempt(ResultSet row, int index) throws SQLException {
		return new RunAttempt(row.getInt("attempt"),
				new RunOrigin(row.getString("launched_by"), row.getString("host"), row.getLong("pid"),
						row.getString("version")),
				Timestamps.get(row, "started_at"), Timestamps.get(row, "alive_at"), Timestamps.find(row, "ended_at"),
				RunState.valueOf(row.getString("state")), row.getString("reason"), row.getLong("progress"));
	}

}
