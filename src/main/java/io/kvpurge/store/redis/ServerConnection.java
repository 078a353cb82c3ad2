package io.kvpurge.store.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreException;

/**
 * The connection to one server. One that was lost is opened anew by the next call; it may
 * lead to another server then, which is asked again what it is.
 */
final class ServerConnection extends RedisConnection {

	private final Client client;

	private final Supplier<RedisURI> way;

	private final Consumer<ServerFacts> check;

	private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

	/** The one before it. */
	private @Nullable StatefulRedisConnection<byte[], byte[]> retired;

	private @Nullable ServerFacts facts;

	/** Whether another connection shall take its place. */
	private boolean doubted;

	/**
	 * @param client opens it; whoever made it closes it
	 * @param way says, each time, where to
	 * @param check refuses a server by an exception
	 */
	ServerConnection(Client client, Supplier<RedisURI> way, Consumer<ServerFacts> check) {
		super(client.timeout());
		this.client = client;
		this.way = way;
		this.check = check;
	}

	/**
	 * The commands of an open connection.
	 * @throws StoreException if none can be opened: nothing was sent
	 */
	synchronized RedisAsyncCommands<byte[], byte[]> server() {
		StatefulRedisConnection<byte[], byte[]> open = this.connection;
		if (open != null && open.isOpen() && !this.doubted) {
			return open.async();
		}
		retire(open);
		StatefulRedisConnection<byte[], byte[]> opened = this.client.connect(this.way.get());
		try {
			ServerFacts now = ServerFacts.parse(await("cannot ask the server who it is", opened.async().info()));
			this.check.accept(now);
			if (now.canLeaveUntouched()) {
				await("cannot read", sendNoTouch(opened.async()));
			}
			this.facts = now;
		}
		catch (RuntimeException ex) {
			leave(opened);
			throw ex;
		}
		this.connection = opened;
		this.doubted = false;
		return opened.async();
	}

	private static void leave(StatefulRedisConnection<byte[], byte[]> connection) {
		// Nobody waits for the end of it.
		CompletableFuture<Void> unused = connection.closeAsync();
	}

	/** Others may still wait for answers that come over it. */
	private void retire(@Nullable StatefulRedisConnection<byte[], byte[]> open) {
		StatefulRedisConnection<byte[], byte[]> before = this.retired;
		if (open != null && before != null) {
			leave(before);
		}
		if (open != null) {
			this.retired = open;
			this.connection = null;
		}
	}

	/** Asks the server not to count as use what is read from now on. */
	private static CompletionStage<String> sendNoTouch(RedisAsyncCommands<byte[], byte[]> commands) {
		return commands.dispatch(CommandType.CLIENT, new StatusOutput<>(ByteArrayCodec.INSTANCE),
				new CommandArgs<>(ByteArrayCodec.INSTANCE).add("NO-TOUCH").add("ON"));
	}

	@Override
	KeyCommands commands() {
		RedisAsyncCommands<byte[], byte[]> server = server();
		return new KeyCommands() {

			@Override
			public <T> CompletionStage<T> send(byte[] key,
					Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
				return command.apply(server);
			}

		};
	}

	@Override
	int keysAtOnce(int wanted) {
		return wanted;
	}

	@Override
	ServerFacts facts() {
		server();
		ServerFacts known;
		synchronized (this) {
			known = this.facts;
		}
		if (known == null) {
			throw new IllegalStateException("nobody asked the server");
		}
		return known;
	}

	@Override
	Executor afterwards() {
		return Runnable::run;
	}

	@Override
	synchronized void doubt() {
		this.doubted = true;
	}

	/** The client closes what it opened. */
	@Override
	public void close() {
	}

}
