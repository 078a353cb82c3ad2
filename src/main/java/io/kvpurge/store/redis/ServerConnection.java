package io.kvpurge.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreException;

/**
 * The connection to the server, shared by all threads. One that was lost is opened anew
 * by the next call; nothing that was sent over it is sent again, since a delete must not
 * be.
 */
final class ServerConnection implements AutoCloseable {

	private final ClientResources resources;

	private final RedisClient client;

	private final RedisURI uri;

	private final Duration timeout;

	private boolean untouched;

	private boolean closed;

	private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

	private @Nullable StatefulRedisConnection<byte[], byte[]> apart;

	ServerConnection(ServerAddress address, @Nullable String username, @Nullable String password, Duration timeout) {
		this.timeout = timeout;
		RedisURI.Builder builder = RedisURI.builder()
			.withHost(address.host())
			.withPort(address.port())
			.withSsl(address.tls())
			.withDatabase(address.database())
			.withClientName("kvpurge")
			.withTimeout(timeout);
		if (password != null && username != null) {
			builder.withAuthentication(username, password.toCharArray());
		}
		else if (password != null) {
			builder.withPassword(password.toCharArray());
		}
		this.uri = builder.build();
		this.uri.setLibraryName("");
		this.uri.setLibraryVersion("");
		this.resources = DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
		this.client = RedisClient.create(this.resources);
		// Lettuce would send again, over a new connection, what was not answered.
		this.client.setOptions(ClientOptions.builder()
			.autoReconnect(false)
			.protocolVersion(ProtocolVersion.RESP2)
			.socketOptions(SocketOptions.builder().connectTimeout(timeout).keepAlive(true).build())
			.build());
	}

	/** The server's own account of itself. */
	String info() {
		return await("cannot ask the server who it is", commands().info());
	}

	/** Asks the server not to count as use what is read from now on, where it can. */
	synchronized void leaveUntouched(ServerFacts facts) {
		this.untouched = facts.canLeaveUntouched();
		StatefulRedisConnection<byte[], byte[]> open = this.connection;
		if (open != null && this.untouched) {
			await("cannot read", sendNoTouch(open.async()));
		}
	}

	private static CompletionStage<String> sendNoTouch(RedisAsyncCommands<byte[], byte[]> commands) {
		return commands.dispatch(CommandType.CLIENT, new StatusOutput<>(ByteArrayCodec.INSTANCE),
				new CommandArgs<>(ByteArrayCodec.INSTANCE).add("NO-TOUCH").add("ON"));
	}

	/**
	 * The commands of an open connection.
	 * @throws StoreException if none can be opened: nothing was sent
	 */
	synchronized RedisAsyncCommands<byte[], byte[]> commands() {
		StatefulRedisConnection<byte[], byte[]> open = this.connection;
		if (open != null && open.isOpen()) {
			return open.async();
		}
		if (this.closed) {
			throw new IllegalStateException("the store is closed");
		}
		open = connect();
		if (this.untouched) {
			await("cannot read", sendNoTouch(open.async()));
		}
		this.connection = open;
		return open.async();
	}

	private StatefulRedisConnection<byte[], byte[]> connect() {
		try {
			return this.client.connect(ByteArrayCodec.INSTANCE, this.uri);
		}
		catch (RedisException ex) {
			Throwable cause = ex;
			while (cause.getCause() != null && !RedisFailures.isAnswer(cause)) {
				cause = cause.getCause();
			}
			throw RedisFailures.translate("cannot connect to " + this.uri.getHost() + ":" + this.uri.getPort(), cause);
		}
	}

	/** Asks for a sign of life, over a connection that nothing else is sent over. */
	synchronized CompletionStage<?> ping() {
		StatefulRedisConnection<byte[], byte[]> open = this.apart;
		if (open == null || !open.isOpen()) {
			if (this.closed) {
				throw new IllegalStateException("the store is closed");
			}
			open = connect();
			this.apart = open;
		}
		return open.async().ping();
	}

	/** Runs a script, by its digest where the server knows it. */
	CompletableFuture<List<@Nullable Object>> run(RedisAsyncCommands<byte[], byte[]> commands, Script script,
			List<byte[]> keys, List<byte[]> arguments) {
		byte[][] keyArray = keys.toArray(byte[][]::new);
		byte[][] argumentArray = arguments.toArray(byte[][]::new);
		CompletableFuture<List<@Nullable Object>> byDigest = commands
			.<List<@Nullable Object>>evalsha(script.digest(), ScriptOutputType.MULTI, keyArray, argumentArray)
			.toCompletableFuture();
		return byDigest.exceptionallyCompose((failure) -> {
			Throwable cause = RedisFailures.cause(failure);
			if (cause instanceof RedisNoScriptException) {
				return commands.<List<@Nullable Object>>eval(script.text(), ScriptOutputType.MULTI, keyArray,
						argumentArray);
			}
			return CompletableFuture.failedFuture(cause);
		});
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
		catch (TimeoutException ex) {
			throw new ExecutionException(ex);
		}
		catch (CancellationException ex) {
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
	public void close() {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.closed = true;
		}
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
		this.resources.shutdown(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
	}

}
