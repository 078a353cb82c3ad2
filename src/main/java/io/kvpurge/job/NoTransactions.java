package io.kvpurge.job;

import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * The transactions of chunks: none, since the ledger has its own. The framework's default
 * is none, too, but binds the first connection that a chunk uses to its thread until the
 * chunk is over; whoever else needs one waits for the store meanwhile.
 */
final class NoTransactions {

	static final PlatformTransactionManager MANAGER = manager();

	private NoTransactions() {
	}

	private static PlatformTransactionManager manager() {
		ResourcelessTransactionManager manager = new ResourcelessTransactionManager();
		manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
		return manager;
	}

}
