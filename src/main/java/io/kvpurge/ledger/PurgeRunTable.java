package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

import io.kvpurge.store.Guarantee;

/** The rows of {@code purge_run} and {@code purge_definition}. */
final class PurgeRunTable {

	private static final String RUNS = """
			select r.*, coalesce(r.launched_text, d.definition_text) as definition_text from purge_run r join purge_definition d on d.digest = r.digest
			""";

	/** Any number that no other advisory lock in the database has. */
	private static final int DEFINITION_LOCKS = 0x6b767075;

	private final JdbcClient jdbc;

	private final boolean shared;

	/**
	 * @param shared whether several processes write to the database at once
	 */
	PurgeRunTable(JdbcClient jdbc, boolean shared) {
		this.jdbc = jdbc;
		this.shared = shared;
	}

	/**
	 * From here to the end of the transaction no other process numbers or seals a run of
	 * the definition. (An embedded database has one process, and thus one owner.)
	 */
	void lock(String definition) {
		if (this.shared) {
			this.jdbc.sql("select pg_advisory_xact_lock(?, hashtext(?))")
				.params(DEFINITION_LOCKS, definition)
				.query((row) -> {
				});
		}
	}

	@Nullable PurgeRun find(RunId id) {
		return this.jdbc.sql(RUNS + "where r.name = ? and r.number = ?")
			.params(id.definition(), id.number())
			.query(PurgeRunTable::run)
			.optional()
			.orElse(null);
	}

	/**
	 * The run, if the fence still holds: from here to the end of the transaction nobody
	 * can take it over.
	 */
	PurgeRun owned(RunFence fence) {
		return this.jdbc
			.sql(RUNS + "where r.name = ? and r.number = ? and r.fence = ? and r.state = 'RUNNING'"
					+ (this.shared ? " for share of r" : ""))
			.params(fence.run().definition(), fence.run().number(), fence.fence())
			.query(PurgeRunTable::run)
			.optional()
			.orElseThrow(() -> new FencedException(fence));
	}

	/**
	 * How many keys the run has deleted or may have: those that its ranges count, and all
	 * of the calls that are not settled. From here to the end of the transaction nobody
	 * else counts them.
	 */
	long lockAndCountDeletes(RunId id) {
		this.jdbc.sql("select number from purge_run where name = ? and number = ? for update")
			.params(id.definition(), id.number())
			.query(Integer.class)
			.optional();
		// One statement: a call that is settled meanwhile must not count in neither.
		return this.jdbc.sql("""
				select (select coalesce(sum(deleted), 0) from purge_range where name = ? and number = ?)
					+ (select coalesce(sum(key_count), 0) from purge_call
						where name = ? and number = ? and state = 'ANNOUNCED')""")
			.params(id.definition(), id.number(), id.definition(), id.number())
			.query(Long.class)
			.single();
	}

	@Nullable PurgeRun latest(String definition, @Nullable RunMode mode) {
		return this.jdbc
			.sql(RUNS + "where r.name = ?" + ((mode != null) ? " and r.mode = '" + mode.name() + "'" : "")
					+ " order by r.number desc fetch first 1 rows only")
			.param(definition)
			.query(PurgeRunTable::run)
			.optional()
			.orElse(null);
	}

	List<PurgeRun> all(String definition) {
		return this.jdbc.sql(RUNS + "where r.name = ? order by r.number desc")
			.param(definition)
			.query(PurgeRunTable::run)
			.list();
	}

	List<String> definitions() {
		return this.jdbc.sql("select distinct name from purge_run order by name")
			.query((row, index) -> row.getString(1))
			.list();
	}

	/**
	 * Keeps a definition under its digest.
	 * @return the text if another one is kept under the digest already: what does not
	 * decide which keys go may differ
	 */
	@Nullable String keepDefinition(String digest, String name, String text, Instant at) {
		String known = this.jdbc.sql("select definition_text from purge_definition where digest = ?")
			.param(digest)
			.query(String.class)
			.optional()
			.orElse(null);
		if (known == null) {
			this.jdbc
				.sql("insert into purge_definition (digest, name, definition_text, first_seen_at) values (?, ?, ?, ?)")
				.params(digest, name, text, Timestamps.of(at))
				.update();
		}
		return (known == null || known.equals(text)) ? null : text;
	}

	RunId nextId(String definition) {
		int next = this.jdbc.sql("select coalesce(max(number), 0) + 1 from purge_run where name = ?")
			.param(definition)
			.query(Integer.class)
			.single();
		return new RunId(definition, next);
	}

	void insert(RunId id, RunIdentity identity, Guarantee guarantee, boolean tellsVanished, RunOrigin origin,
			@Nullable RunId replaces, @Nullable String launchedText, Instant at) {
		RestoreTerms restore = identity.restore();
		this.jdbc.sql("""
				insert into purge_run (name, number, mode, digest, parameters, store, as_of, guarantee, tells_vanished,
					launched_by, host, pid, version, attempts, fence, state, started_at,
					replaces, plan, launched_text,
					restores, restores_where, overwrites)
				values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 'RUNNING', ?, ?, ?, ?, ?, ?, ?)""")
			.params(Arrays.asList(id.definition(), id.number(), identity.mode().name(), identity.digest(),
					identity.parameters(), identity.store(), Timestamps.of(identity.asOf()), guarantee.toString(),
					tellsVanished, origin.user(), origin.host(), origin.pid(), origin.version(), Timestamps.of(at),
					(replaces != null) ? replaces.number() : null, identity.plan(), launchedText,
					(restore != null) ? restore.run() : null, (restore != null) ? restore.where() : null,
					(restore != null) ? restore.overwrite() : null))
			.update();
	}

	/** Raises the fence; false if there is no such run or it is sealed. */
	boolean takeOver(RunId id, RunOrigin origin) {
		return this.jdbc.sql("""
				update purge_run set fence = fence + 1, attempts = attempts + 1, state = 'RUNNING', reason = null,
					ended_at = null, launched_by = ?, host = ?, pid = ?, version = ?
				where name = ? and number = ? and seal is null""")
			.params(origin.user(), origin.host(), origin.pid(), origin.version(), id.definition(), id.number())
			.update() == 1;
	}

	void stage(RunId id, @Nullable RunStage stage) {
		this.jdbc.sql("update purge_run set stage = ? where name = ? and number = ?")
			.params(Arrays.asList((stage != null) ? stage.name() : null, id.definition(), id.number()))
			.update();
	}

	void backup(RunId id, String place) {
		this.jdbc.sql("update purge_run set backup = ? where name = ? and number = ?")
			.params(place, id.definition(), id.number())
			.update();
	}

	void forecast(RunId id, String text) {
		this.jdbc.sql("update purge_run set forecast = ? where name = ? and number = ?")
			.params(text, id.definition(), id.number())
			.update();
	}

	/** Ends an attempt, or with a seal the run. */
	void end(PurgeRun ended, @Nullable String previousSeal, @Nullable String seal) {
		Instant endedAt = ended.endedAt();
		this.jdbc.sql("""
				update purge_run set state = ?, reason = ?, ended_at = ?, previous_seal = ?, seal = ?
				where name = ? and number = ?""")
			.params(Arrays.asList(ended.state().name(), ended.reason(),
					(endedAt != null) ? Timestamps.of(endedAt) : null, previousSeal, seal, ended.id().definition(),
					ended.id().number()))
			.update();
	}

	/** False if the run is not sealed, or was pruned already. */
	boolean markPruned(RunId id, Instant at) {
		return this.jdbc.sql("""
				update purge_run set pruned_at = ?
				where name = ? and number = ? and seal is not null and pruned_at is null""")
			.params(Timestamps.of(at), id.definition(), id.number())
			.update() == 1;
	}

	/** The newest seal: that which stands before no other one. */
	@Nullable String lastSeal(String definition) {
		return this.jdbc.sql("""
				select r.seal from purge_run r where r.name = ? and r.seal is not null and not exists
					(select 1 from purge_run n where n.name = r.name and n.previous_seal = r.seal)
				order by r.number desc fetch first 1 rows only""")
			.param(definition)
			.query(String.class)
			.optional()
			.orElse(null);
	}

	@Nullable String previousSeal(RunId id) {
		return this.jdbc.sql("select previous_seal from purge_run where name = ? and number = ?")
			.params(id.definition(), id.number())
			.query((row, index) -> Arrays.asList(row.getString(1)))
			.single()
			.get(0);
	}

	/** Whether this is the seal of another run of the definition. */
	boolean isSealOfAnother(RunId id, String seal) {
		return this.jdbc.sql("select count(*) from purge_run where name = ? and number <> ? and seal = ?")
			.params(id.definition(), id.number(), seal)
			.query(Integer.class)
			.single() > 0;
	}

	private static PurgeRun run(ResultSet row, int index) throws SQLException {
		RunIdentity identity = new RunIdentity(row.getString("name"), row.getString("digest"),
				row.getString("parameters"), row.getString("store"), RunMode.valueOf(row.getString("mode")),
				Timestamps.get(row, "as_of"), row.getObject("plan", Integer.class), restore(row));
		RunOrigin origin = new RunOrigin(row.getString("launched_by"), row.getString("host"), row.getLong("pid"),
				row.getString("version"));
		return new PurgeRun(new RunId(row.getString("name"), row.getInt("number")), identity,
				row.getString("definition_text"), guarantee(row.getString("guarantee")),
				row.getBoolean("tells_vanished"), origin, row.getInt("attempts"), row.getLong("fence"),
				RunState.valueOf(row.getString("state")), row.getString("reason"), Timestamps.get(row, "started_at"),
				Timestamps.find(row, "ended_at"), row.getString("seal"), row.getObject("replaces", Integer.class),
				Timestamps.find(row, "pruned_at"), stage(row.getString("stage")), row.getString("forecast"),
				row.getString("backup"));
	}

	private static @Nullable RestoreTerms restore(ResultSet row) throws SQLException {
		Integer run = row.getObject("restores", Integer.class);
		return (run != null) ? new RestoreTerms(run, row.getString("restores_where"), row.getBoolean("overwrites"))
				: null;
	}

	private static @Nullable RunStage stage(@Nullable String text) {
		return (text != null) ? RunStage.valueOf(text) : null;
	}

	private static Guarantee guarantee(String text) {
		return Arrays.stream(Guarantee.values())
			.filter((guarantee) -> guarantee.toString().equals(text))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no guarantee"));
	}

}
