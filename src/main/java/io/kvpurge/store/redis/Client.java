package io.kvpurge.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreException;

/**
 * Opens connections. None of them connects again by itself: Lettuce would send again,
 * over the new connection, what was not answered.
 */
final class Client implements AutoCloseable {

	/** How Lettuce says that a sentinel does not know a primary. */
	private static final String NO_PRIMARY = "Cannot provide redisAddress using sentinel";

	private final ClientResources resources;

	private final RedisClient client;

	private final boolean tls;

	private final Credentials credentials;

	private final Credentials ofSentinels;

	private final Duration timeout;

	private boolean closed;

	/**
	 * @param tls whether connections are encrypted
	 * @param credentials who asks servers
	 * @param ofSentinels who asks sentinels
	 * @param timeout how long a server may take to answer
	 */
	Client(boolean tls, Credentials credentials, Credentials ofSentinels, Duration timeout) {
		this.tls = tls;
		this.credentials = credentials;
		this.ofSentinels = ofSentinels;
		this.timeout = timeout;
		this.resources = DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
		this.client = RedisClient.create(this.resources);
		this.client.setOptions(ClientOptions.builder()
			.autoReconnect(false)
			.protocolVersion(ProtocolVersion.RESP2)
			.socketOptions(SocketOptions.builder().connectTimeout(timeout).keepAlive(true).build())
			.build());
	}

	/** How long a server may take to answer. */
	Duration timeout() {
		return this.timeout;
	}

	/** The way to a server's database. */
	RedisURI server(ServerAddress address, int database) {
		return finished(RedisURI.builder()
			.withHost(address.host())
			.withPort(address.port())
			.withDatabase(database)
			.withSsl(this.tls)
			.withTimeout(this.timeout), this.credentials);
	}

	/** The way to a database of the server that sentinels call the primary by then. */
	RedisURI primary(String name, List<ServerAddress> sentinels, int database) {
		RedisURI.Builder builder = RedisURI.builder()
			.withSentinelMasterId(name)
			.withDatabase(database)
			.withSsl(this.tls)
			.withTimeout(this.timeout);
		for (ServerAddress sentinel : sentinels) {
			builder.withSentinel(finished(RedisURI.builder()
				.withHost(sentinel.host())
				.withPort(sentinel.port())
				.withSsl(this.tls)
				.withTimeout(this.timeout), this.ofSentinels));
		}
		return finished(builder, this.credentials);
	}

	private static RedisURI finished(RedisURI.Builder builder, Credentials credentials) {
		RedisURI uri = builder.withClientName("kvpurge").build();
		credentials.addTo(uri);
		uri.setLibraryName("");
		uri.setLibraryVersion("");
		return uri;
	}

	/**
	 * Connects.
	 * @throws StoreException if that cannot be
	 */
	StatefulRedisConnection<byte[], byte[]> connect(RedisURI uri) {
		synchronized (this) {
			if (this.closed) {
				throw new IllegalStateException("the store is closed");
			}
		}
		try {
			return this.client.connect(ByteArrayCodec.INSTANCE, uri);
		}
		catch (RedisException ex) {
			Throwable cause = ex;
			while (cause.getCause() != null && !RedisFailures.isAnswer(cause)) {
				cause = cause.getCause();
			}
			if (String.valueOf(ex.getMessage()).contains(NO_PRIMARY)
					|| String.valueOf(cause.getMessage()).contains(NO_PRIMARY)) {
				throw new InvalidStoreException("store: the sentinels know no primary '" + uri.getSentinelMasterId()
						+ "': look at 'sentinel' and 'url'");
			}
			if (RedisFailures.isMistrust(ex)) {
				throw new InvalidStoreException("store: the certificate of " + named(uri) + " is not trusted: "
						+ cause.getMessage() + "; let the JVM trust it, or look at 'url'");
			}
			throw RedisFailures.translate("cannot connect to " + named(uri), cause);
		}
	}

	private static String named(RedisURI uri) {
		String name = uri.getSentinelMasterId();
		return (name != null) ? name + ", which " + uri.getSentinels().size() + " sentinels were asked for"
				: new ServerAddress(uri.getHost(), uri.getPort()).toString();
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
