package io.kvpurge.store.redis;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Sends each command to the server that holds its key's slot, and after it where that one
 * sends it on: a server that answers so did nothing.
 */
final class ClusterCommands implements KeyCommands {

	private static final int MOST_REDIRECTS = 5;

	private final ClusterConnection cluster;

	private final ClusterView view;

	/** Each server is tried once for a call. */
	private final Map<ServerAddress, Reached> reached = new ConcurrentHashMap<>();

	private final Set<Told> told = ConcurrentHashMap.newKeySet();

	ClusterCommands(ClusterConnection cluster, ClusterView view) {
		this.cluster = cluster;
		this.view = view;
	}

	@Override
	public <T> CompletionStage<T> send(byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
		int slot = SlotHash.getSlot(key);
		ClusterNode owner = this.view.owner(slot);
		if (owner == null) {
			this.cluster.outdated();
			return CompletableFuture
				.failedFuture(new TransientStoreException("no server holds slot " + slot, null, null));
		}
		return send(owner.address(), command, 0);
	}

	/** The first command of a call that runs a script brings it along. */
	@Override
	public boolean mayKnow(RedisAsyncCommands<byte[], byte[]> server, Script script) {
		return !this.told.add(new Told(server, script.digest()));
	}

	private <T> CompletableFuture<T> send(ServerAddress server,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command, int redirects) {
		Reached to = this.reached.computeIfAbsent(server, this::reach);
		RedisAsyncCommands<byte[], byte[]> commands = to.commands();
		if (commands == null) {
			this.cluster.outdated();
			return CompletableFuture.failedFuture(to.failure());
		}
		return followed(server, command.apply(commands), command, redirects);
	}

	private <T> CompletableFuture<T> followed(ServerAddress server, CompletionStage<T> answer,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command, int redirects) {
		return answer.toCompletableFuture().exceptionallyComposeAsync((failure) -> {
			Throwable cause = RedisFailures.cause(failure);
			Redirect redirect = (redirects < MOST_REDIRECTS) ? Redirect.of(cause, server) : null;
			if (redirect == null) {
				return CompletableFuture.failedFuture(cause);
			}
			if (redirect.asking()) {
				return ask(redirect.server(), command, redirects + 1);
			}
			this.cluster.outdated();
			return send(redirect.server(), command, redirects + 1);
		}, this.cluster.afterwards());
	}

	/**
	 * Asks a server to whom the slot is on its way for a key that may be there already.
	 */
	private <T> CompletionStage<T> ask(ServerAddress server,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command, int redirects) {
		ServerConnection connection = this.cluster.forAsking(server);
		CompletionStage<T> answer;
		try {
			RedisAsyncCommands<byte[], byte[]> commands = connection.server();
			synchronized (connection) {
				// If it fails, so does the command behind it.
				CompletionStage<String> unused = commands.asking();
				answer = command.apply(commands);
			}
		}
		catch (StoreException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		return followed(server, answer, command, redirects);
	}

	private Reached reach(ServerAddress server) {
		try {
			return new Reached(this.cluster.server(server).server(), null);
		}
		catch (StoreException ex) {
			return new Reached(null, ex);
		}
	}

	/** A server's commands, or why there are none. */
	private record Reached(@Nullable RedisAsyncCommands<byte[], byte[]> commands, @Nullable StoreException failure) {

	}

	/** That a server was sent a script's text. */
	private record Told(RedisAsyncCommands<byte[], byte[]> server, String script) {

	}

	/**
	 * Where a server sends a command on.
	 *
	 * @param asking whether only this once
	 * @param server the server that may have the key
	 */
	private record Redirect(boolean asking, ServerAddress server) {

		/** Reads {@code MOVED SLOT HOST:PORT} or ASK; null for any other failure. */
		static @Nullable Redirect of(Throwable failure, ServerAddress from) {
			String[] said = String.valueOf(failure.getMessage()).split(" ", -1);
			boolean asking = said[0].equals("ASK");
			if (!RedisFailures.isAnswer(failure) || said.length < 3 || !(asking || said[0].equals("MOVED"))) {
				return null;
			}
			int colon = said[2].lastIndexOf(':');
			String port = said[2].substring(colon + 1);
			if (colon < 0 || !port.matches("\\d{1,5}")) {
				return null;
			}
			// Without a host, the one that said so is meant.
			String host = (colon == 0 || said[2].startsWith("?")) ? from.host() : said[2].substring(0, colon);
			return new Redirect(asking, new ServerAddress(host, Integer.parseInt(port)));
		}

	}

}
