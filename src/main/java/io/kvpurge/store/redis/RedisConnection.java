package io.kvpurge.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreException;

/**
 * The way to the keys: to one server, or to those of a cluster. Shared by all threads.
 * Nothing that was sent and not answered is sent again, since a delete must not be.
 */
abstract class RedisConnection implements AutoCloseable {

	private final Duration timeout;

	RedisConnection(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * For the commands of one call.
	 * @throws StoreException if no server can be reached: nothing was sent
	 */
	abstract KeyCommands commands();

	/** Of so many keys, how many one script may name. */
	abstract int keysAtOnce(int wanted);

	/**
	 * What the server says of itself; of a cluster, what holds for each of its servers.
	 */
	abstract ServerFacts facts();

	/** Where it is decided what to do after an answer. */
	abstract Executor afterwards();

	/** Told when an answer did not come. */
	abstract void doubt();

	/** Runs a script, by its digest where the server knows it. */
	CompletableFuture<List<@Nullable Object>> run(KeyCommands commands, Script script, List<byte[]> keys,
			List<byte[]> arguments) {
		byte[][] keyArray = keys.toArray(byte[][]::new);
		byte[][] argumentArray = arguments.toArray(byte[][]::new);
		CompletableFuture<List<@Nullable Object>> byDigest = commands
			.<List<@Nullable Object>>send(keyArray[0],
					(server) -> commands.mayKnow(server, script)
							? server.evalsha(script.digest(), ScriptOutputType.MULTI, keyArray, argumentArray)
							: server.eval(script.text(), ScriptOutputType.MULTI, keyArray, argumentArray))
			.toCompletableFuture();
		return byDigest.exceptionallyComposeAsync((failure) -> {
			Throwable cause = RedisFailures.cause(failure);
			if (cause instanceof RedisNoScriptException) {
				return commands.send(keyArray[0],
						(server) -> server.eval(script.text(), ScriptOutputType.MULTI, keyArray, argumentArray));
			}
			return CompletableFuture.failedFuture(cause);
		}, afterwards());
	}

	/** The answer as it came, failures in the port's words. */
	<T> T await(String what, CompletionStage<T> answer) {
		try {
			return outcome(answer);
		}
		catch (ExecutionException ex) {
			throw RedisFailures.translate(what, RedisFailures.cause(ex));
		}
	}

	/**
	 * The answer.
	 * @throws ExecutionException with the client's failure, if there was none
	 */
	<T> T outcome(CompletionStage<T> answer) throws ExecutionException {
		try {
			return answer.toCompletableFuture().get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			if (!RedisFailures.isAnswer(RedisFailures.cause(ex))) {
				doubt();
			}
			throw ex;
		}
		catch (TimeoutException ex) {
			doubt();
			throw new ExecutionException(ex);
		}
		catch (CancellationException ex) {
			doubt();
			throw new ExecutionException(new RedisException("the connection was lost"));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ExecutionException(new RedisException("interrupted while waiting for the answer"));
		}
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public abstract void close();

}
