package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.lettuce.core.api.async.RedisAsyncCommands;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Waits, after a delete, until so many replicas have it. Where they do not have it in
 * time, its keys are doubtful: they are gone, but may come back if a replica takes over.
 * They are looked for later, and never deleted again without that.
 */
final class ReplicaWait {

	private static final String WHAT = "cannot wait for replicas";

	private final ServerConnection connection;

	private final int replicas;

	private final Duration timeout;

	/**
	 * @param requestTimeout how long an answer may take at all
	 */
	ReplicaWait(ServerConnection connection, int replicas, Duration requestTimeout) {
		this.connection = connection;
		this.replicas = replicas;
		this.timeout = requestTimeout.dividedBy(2);
	}

	/**
	 * Asks whether it may wait at all.
	 * @throws StoreException if not
	 */
	ReplicaWait tried() {
		this.connection.await(WHAT, this.connection.server().waitForReplication(0, 1));
		return this;
	}

	/**
	 * Deletes, and waits. Where another connection has taken the place of the one of the
	 * delete, there is nothing to wait for: its keys are doubtful.
	 */
	DeleteResult confirm(Supplier<DeleteResult> delete) {
		RedisAsyncCommands<byte[], byte[]> before = this.connection.server();
		DeleteResult result = delete.get();
		if (result.deleted().isEmpty()) {
			return result;
		}
		try {
			RedisAsyncCommands<byte[], byte[]> now = this.connection.server();
			if (now != before) {
				return doubtful(result, new TransientStoreException(
						WHAT + ": the connection over which the deletes went is not there any more", null, null));
			}
			// WAIT speaks of what its connection has sent.
			long have = this.connection.await(WHAT, now.waitForReplication(this.replicas, this.timeout.toMillis()));
			return (have >= this.replicas) ? result
					: doubtful(result, new TransientStoreException("only %d of %d replicas had the deletes after %d ms"
						.formatted(have, this.replicas, this.timeout.toMillis()), null, null));
		}
		catch (StoreException ex) {
			return doubtful(result, ex);
		}
	}

	private static DeleteResult doubtful(DeleteResult result, StoreException cause) {
		List<Key> doubtful = new ArrayList<>(result.doubtful());
		doubtful.addAll(result.deleted());
		return new DeleteResult(List.of(), result.vanished(), result.spared(), result.refused(), result.undone(),
				doubtful, cause);
	}

}
