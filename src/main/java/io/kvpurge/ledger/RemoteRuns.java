package io.kvpurge.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import javax.sql.DataSource;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the processes that work on a run together tell one another through the database
 * that they share: what is to be known of the run, who holds which range, when to stop,
 * and how many requests may be sent. Times are the server's. Safe for use by several
 * threads.
 */
public final class RemoteRuns {

	/** A worker gives a sign each second; a busy machine may be late. */
	private static final int ALIVE_SECONDS = 6;

	private static final String ALIVE = "> clock_timestamp() - interval '" + ALIVE_SECONDS + " seconds'";

	private static final String OF_ATTEMPT = "where name = ? and number = ? and fence = ?";

	private final DataSource dataSource;

	private final JdbcClient jdbc;

	private final Function<String, @Nullable SessionLock> locks;

	private final PurgeRunTable runs;

	private final TransactionTemplate transaction;

	private final ProxyManager<Long> buckets;

	private final Clock clock;

	/**
	 * @param locks takes the lock of this name in a session of its own, null if somebody
	 * else holds it
	 */
	RemoteRuns(DataSource dataSource, Function<String, @Nullable SessionLock> locks, Clock clock) {
		this.dataSource = dataSource;
		this.jdbc = JdbcClient.create(dataSource);
		this.locks = locks;
		this.runs = new PurgeRunTable(this.jdbc, true);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(dataSource)
			.table("purge_bucket")
			.idColumn("id")
			.stateColumn("state")
			.expiresAtColumn("expires_at")
			.clientClock(new ServerTime(this.jdbc, clock))
			.build();
		this.clock = clock;
	}

	/** For the job repository. */
	public DataSource dataSource() {
		return this.dataSource;
	}

	/** What is written in the database, to be read. */
	public DeletionLedger ledger() {
		return new JdbcDeletionLedger(this.dataSource, null, this.clock);
	}

	/** The queue of this database: others may share its broker. */
	public String queue() {
		return this.jdbc.sql("select name from purge_queue").query(String.class).single();
	}

	/**
	 * Writes down what workers must know, before the first range is handed out.
	 * @throws FencedException if the run has another owner
	 */
	public void handOut(RunFence fence, HandOut handOut) {
		this.transaction.executeWithoutResult((status) -> {
			this.runs.owned(fence);
			this.jdbc.sql("insert into purge_handout (name, number, fence, terms) values (?, ?, ?, ?)")
				.params(fence.run().definition(), fence.run().number(), fence.fence(), LedgerJson.text(handOut))
				.update();
		});
	}

	/** What workers must know of an attempt, null if its ranges are not handed out. */
	public @Nullable HandOut find(RunFence fence) {
		return this.jdbc.sql("select terms from purge_handout " + OF_ATTEMPT)
			.params(fence.run().definition(), fence.run().number(), fence.fence())
			.query((row, index) -> LedgerJson.handOut(row.getString(1)))
			.optional()
			.orElse(null);
	}

	/** Asks all who work on a run to end at their next chunk; the first reason stays. */
	public void requestStop(RunFence fence, String reason) {
		this.jdbc.sql("update purge_handout set stopping = coalesce(stopping, ?) " + OF_ATTEMPT)
			.params(reason, fence.run().definition(), fence.run().number(), fence.fence())
			.update();
	}

	/** Nobody shall send a request of this run for so long. */
	public void pause(RunFence fence, Duration duration) {
		this.jdbc
			.sql("update purge_handout set paused_until = greatest(paused_until, clock_timestamp()"
					+ " + ? * interval '1 millisecond') " + OF_ATTEMPT)
			.params(duration.toMillis(), fence.run().definition(), fence.run().number(), fence.fence())
			.update();
	}

	/** What is said to all who work on a run now. */
	public RemoteSignals signals(RunFence fence) {
		return this.jdbc.sql("""
				select h.stopping, ceil(extract(epoch from h.paused_until - clock_timestamp()) * 1000) as paused
				from purge_handout h join purge_run r on r.name = h.name and r.number = h.number
				where h.name = ? and h.number = ? and h.fence = ? and r.fence = h.fence and r.state = 'RUNNING'""")
			.params(fence.run().definition(), fence.run().number(), fence.fence())
			.query((row, index) -> new RemoteSignals(false, row.getString(1),
					Duration.ofMillis(Math.max(0, row.getLong(2)))))
			.optional()
			.orElse(new RemoteSignals(true, null, Duration.ZERO));
	}

	/**
	 * Takes a range of a run.
	 * @param worker the name of the worker
	 * @return null if somebody else holds it
	 * @throws FencedException if the run has ended, or was taken over
	 */
	public @Nullable ClaimedRange claim(RunFence fence, int range, String worker) {
		SessionLock lock = this.locks.apply("range/" + fence.run() + "/" + range);
		if (lock == null) {
			return null;
		}
		try {
			Long claim = this.transaction.execute((status) -> claimed(fence, range, worker));
			if (claim == null) {
				throw new IllegalStateException("a claim has no number");
			}
			ClaimProof proof = new ClaimProof(lock, this.jdbc, range, claim);
			return new ClaimedRange(new JdbcDeletionLedger(this.dataSource, proof, this.clock),
					() -> release(fence, proof));
		}
		catch (RuntimeException ex) {
			lock.close();
			throw ex;
		}
	}

	private long claimed(RunFence fence, int range, String worker) {
		this.runs.owned(fence);
		RunId run = fence.run();
		return this.jdbc.sql("""
				insert into purge_claim (name, number, range_no, claim, worker, claimed_at, alive_at, dealt_with)
				select name, number, range_no, 1, ?, clock_timestamp(), clock_timestamp(), listed + deleted
					from purge_range where name = ? and number = ? and range_no = ?
				on conflict (name, number, range_no) do update set claim = purge_claim.claim + 1,
					worker = excluded.worker, claimed_at = excluded.claimed_at, alive_at = excluded.alive_at,
					released_at = null, dealt_with = excluded.dealt_with
				returning claim""").params(worker, run.definition(), run.number(), range).query(Long.class).single();
	}

	/** Where the database cannot be reached, the session's end gives the range back. */
	private void release(RunFence fence, ClaimProof proof) {
		SessionLock lock = proof.lock();
		try (lock) {
			this.jdbc.sql("""
					update purge_claim set released_at = clock_timestamp()
					where name = ? and number = ? and range_no = ? and claim = ?""")
				.params(fence.run().definition(), fence.run().number(), proof.range(), proof.claim())
				.update();
		}
		catch (DataAccessException ex) {
			// Whoever takes the range raises the number.
		}
	}

	/**
	 * Takes one of the places for bulk calls that all who work on a run have together. A
	 * process that dies or falls silent gives its places back.
	 * @return gives the place back; null if the one that was tried is taken
	 */
	public @Nullable Runnable bulkPlace(RunFence fence, int places) {
		int tried = ThreadLocalRandom.current().nextInt(places);
		SessionLock lock = this.locks.apply("bulk/" + fence.run() + "/" + tried);
		return (lock != null) ? lock::close : null;
	}

	/** Who holds ranges of a run now. */
	public List<RangeHolder> holders(RunId run) {
		return this.jdbc
			.sql("""
					select c.range_no, c.worker, c.alive_at %s as alive,
						extract(epoch from clock_timestamp() - c.claimed_at) * 1000 as held, p.listed + p.deleted - c.dealt_with as entries
					from purge_claim c join purge_range p
						on p.name = c.name and p.number = c.number and p.range_no = c.range_no
					where c.name = ? and c.number = ? and c.released_at is null order by c.range_no"""
				.formatted(ALIVE))
			.params(run.definition(), run.number())
			.query((row, index) -> new RangeHolder(row.getInt(1), row.getString(2), row.getBoolean(3),
					Duration.ofMillis(Math.max(0, row.getLong(4))), row.getLong(5)))
			.list();
	}

	/**
	 * A worker gives a sign of life; those that were silent for a day are forgotten.
	 * @param remark which runs it takes no ranges of, and why
	 */
	public void sign(String worker, String version, int slots, @Nullable String remark) {
		this.jdbc.sql("""
				insert into purge_worker (worker, version, slots, started_at, alive_at, remark)
				values (?, ?, ?, clock_timestamp(), clock_timestamp(), ?)
				on conflict (worker) do update set alive_at = excluded.alive_at, remark = excluded.remark""")
			.params(Arrays.asList(worker, version, slots, remark))
			.update();
		this.jdbc.sql("delete from purge_worker where alive_at < clock_timestamp() - interval '1 day'").update();
	}

	/** A worker leaves. */
	public void signOut(String worker) {
		this.jdbc.sql("delete from purge_worker where worker = ?").param(worker).update();
	}

	/** The workers that are there, or were when they were seen last. */
	public List<RemoteWorker> workers() {
		return this.jdbc
			.sql("select worker, version, slots, started_at, remark, alive_at " + ALIVE
					+ " as alive from purge_worker order by started_at, worker")
			.query((row, index) -> new RemoteWorker(row.getString("worker"), row.getString("version"),
					row.getInt("slots"), Timestamps.get(row, "started_at"), row.getString("remark"),
					row.getBoolean("alive")))
			.list();
	}

	/**
	 * A bucket that all who work on a run fill their requests from.
	 * @param bandwidth how it is filled, where it is not there yet
	 */
	public Bucket bucket(RunFence fence, Bandwidth bandwidth) {
		long id = SessionLock.key("bucket/" + fence.run() + "/" + fence.fence());
		return this.buckets.getProxy(id, () -> BucketConfiguration.builder().addLimit(bandwidth).build());
	}

	/** Forgets the bucket of an attempt that has ended. */
	public void forgetBucket(RunFence fence) {
		this.jdbc.sql("delete from purge_bucket where id = ?")
			.param(SessionLock.key("bucket/" + fence.run() + "/" + fence.fence()))
			.update();
	}

}
