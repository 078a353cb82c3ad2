package io.kvpurge.store.redis;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.lettuce.core.api.async.RedisAsyncCommands;

import io.kvpurge.store.StoreException;

/** Takes commands on keys to the server that has them, for one call of the store. */
interface KeyCommands {

	/**
	 * Sends what stands for one command.
	 * @param key the key, or one of those that the command names
	 * @param command sends it to a server; may be asked again where a server answered
	 * that it did nothing, since the key is another's
	 * @return the answer; it fails with a {@link StoreException} if nothing was sent
	 */
	<T> CompletionStage<T> send(byte[] key, Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command);

	/** Whether a server need not be told a script's text first, as far as is known. */
	default boolean mayKnow(RedisAsyncCommands<byte[], byte[]> server, Script script) {
		return true;
	}

}
