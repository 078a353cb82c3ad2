package io.kvpurge.ledger;

/**
 * Owns a definition, and with it every range of its runs.
 *
 * @param lock the lock of the definition
 */
record DefinitionProof(SessionLock lock) implements OwnerProof {

	private static final String SIGN = """
			update purge_attempt set alive_at = clock_timestamp()
			where name = ? and number = ? and ended_at is null and exists (select 1 from purge_run r
				where r.name = ? and r.number = ? and r.fence = ? and r.state = 'RUNNING')""";

	@Override
	public boolean prove(RunFence fence) {
		RunId run = fence.run();
		return this.lock.prove(fence, SIGN, run.definition(), run.number(), run.definition(), run.number(),
				fence.fence());
	}

}
