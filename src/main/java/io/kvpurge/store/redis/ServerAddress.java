package io.kvpurge.store.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

import io.kvpurge.store.InvalidStoreException;

/**
 * Where the server listens, and which of its databases is meant.
 *
 * @param tls whether the connection is encrypted
 * @param host the host
 * @param port the port
 * @param database the database's number
 */
record ServerAddress(boolean tls, String host, int port, int database) {

	private static final int DEFAULT_PORT = 6379;

	/**
	 * Reads {@code redis://HOST[:PORT][/DATABASE]}, or {@code rediss://} for TLS.
	 * @throws InvalidStoreException if it is another text
	 */
	static ServerAddress parse(String url) {
		try {
			URI uri = new URI(url);
			String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
			if (scheme.startsWith("redis-sentinel") || scheme.startsWith("redis-cluster") || url.contains(",")) {
				throw new InvalidStoreException("store: 'url' names a cluster or sentinels, which this version does not"
						+ " know: name one primary server, redis://HOST:PORT/DATABASE");
			}
			if (uri.getRawUserInfo() != null) {
				throw new InvalidStoreException(
						"store: 'url' has a user in it: give it under 'username' and" + " 'password'");
			}
			if ((!scheme.equals("redis") && !scheme.equals("rediss")) || uri.getHost() == null
					|| uri.getRawQuery() != null || uri.getRawFragment() != null) {
				throw unreadable();
			}
			String path = (uri.getPath() != null) ? uri.getPath() : "";
			if (!path.matches("(/\\d{0,5})?")) {
				throw unreadable();
			}
			int database = (path.length() > 1) ? Integer.parseInt(path.substring(1)) : 0;
			return new ServerAddress(scheme.equals("rediss"), uri.getHost().toLowerCase(Locale.ROOT),
					(uri.getPort() > 0) ? uri.getPort() : DEFAULT_PORT, database);
		}
		catch (URISyntaxException ex) {
			throw unreadable();
		}
	}

	private static InvalidStoreException unreadable() {
		return new InvalidStoreException(
				"store: 'url' cannot be read: expected redis://HOST:PORT/DATABASE, or rediss:// for TLS");
	}

	/** The same for the same server by this name, with TLS or without. */
	String identity() {
		return "redis:" + this.host + ":" + this.port + "/" + this.database;
	}

}
