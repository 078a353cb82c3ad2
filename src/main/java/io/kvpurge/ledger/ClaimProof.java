package io.kvpurge.ledger;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Owns one range of a run, as long as the run has the fence with which it was taken.
 *
 * @param lock the lock of the range
 * @param jdbc for what is read within the transactions of the ledger
 * @param range which one
 * @param claim the number that this owner was given
 */
record ClaimProof(SessionLock lock, JdbcClient jdbc, int range, long claim) implements OwnerProof {

	private static final String SIGN = """
			update purge_claim set alive_at = clock_timestamp()
			where name = ? and number = ? and range_no = ? and claim = ? and released_at is null
				and exists (select 1 from purge_run r
				where r.name = ? and r.number = ? and r.fence = ? and r.state = 'RUNNING')""";

	@Override
	public boolean prove(RunFence fence) {
		RunId run = fence.run();
		return this.lock.prove(fence, SIGN, run.definition(), run.number(), this.range, this.claim, run.definition(),
				run.number(), fence.fence());
	}

	/** From here to the end of the transaction nobody can take the range. */
	@Override
	public void require(RunFence fence, int wanted) {
		RunId run = fence.run();
		boolean isOwner = wanted == this.range && this.jdbc.sql("""
				select claim from purge_claim where name = ? and number = ? and range_no = ? and claim = ?
					and released_at is null for share""")
			.params(run.definition(), run.number(), this.range, this.claim)
			.query(Long.class)
			.optional()
			.isPresent();
		if (!isOwner) {
			throw new FencedException(fence, "its range " + LedgerRange.name(wanted) + " was taken by somebody else");
		}
	}

}
