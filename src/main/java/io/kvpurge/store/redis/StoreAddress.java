package io.kvpurge.store.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreOptions;

/**
 * Which keys are meant, and whom to ask for them.
 *
 * @param kind what the servers are
 * @param tls whether connections are encrypted
 * @param servers the server; or some nodes of the cluster; or sentinels
 * @param database the database's number
 * @param primary what the sentinels call the primary, null without sentinels
 */
record StoreAddress(Kind kind, boolean tls, List<ServerAddress> servers, int database, @Nullable String primary) {

	/** What a definition's URL names. */
	enum Kind {

		/** One primary server. */
		SERVER,
		/** Nodes of a cluster. */
		CLUSTER,
		/** Sentinels, which know where the primary is. */
		SENTINEL

	}

	private static final Pattern URL = Pattern.compile("(?i:(rediss?)://)([^/?#]*)(?:/(\\d{0,5}))?");

	private static final int SERVER_PORT = 6379;

	private static final int SENTINEL_PORT = 26_379;

	StoreAddress {
		servers = List.copyOf(servers);
	}

	/**
	 * Reads {@code redis://HOST[:PORT][,HOST[:PORT]...][/DATABASE]}, or {@code rediss://}
	 * for TLS, with what the definition says of these servers.
	 * @throws InvalidStoreException if it says something else
	 */
	static StoreAddress of(StoreOptions options) {
		boolean cluster = options.flag("cluster");
		String sentinel = options.optionalText("sentinel");
		if (cluster && sentinel != null) {
			throw new InvalidStoreException(
					"store: a store has 'cluster: true' or 'sentinel', not both: sentinels" + " watch no cluster");
		}
		Kind kind = cluster ? Kind.CLUSTER : (sentinel != null) ? Kind.SENTINEL : Kind.SERVER;
		StoreAddress address = parse(options.text("url"), kind, sentinel);
		if (kind == Kind.SERVER && address.servers.size() > 1) {
			throw new InvalidStoreException("store: 'url' names several servers: say 'cluster: true' if they are nodes"
					+ " of a cluster, 'sentinel: NAME' if they are sentinels that know where the primary NAME is");
		}
		if (cluster && address.database != 0) {
			throw new InvalidStoreException(
					"store: a cluster has database 0 only: leave /" + address.database + " out of 'url'");
		}
		return address;
	}

	private static StoreAddress parse(String url, Kind kind, @Nullable String primary) {
		if (url.matches("(?i)rediss?-(sentinel|cluster)://.*")) {
			throw new InvalidStoreException("store: 'url' begins with redis:// or rediss://, for a cluster and for"
					+ " sentinels too: 'cluster: true' or 'sentinel: NAME' beside it says what they are");
		}
		Matcher matcher = URL.matcher(url);
		if (!matcher.matches()) {
			throw unreadable();
		}
		String names = matcher.group(2);
		if (names.contains("@")) {
			throw new InvalidStoreException(
					"store: 'url' has a user in it: give it under 'username' and" + " 'password'");
		}
		List<ServerAddress> servers = new ArrayList<>();
		for (String name : names.split(",", -1)) {
			ServerAddress server = ServerAddress.parse(name, (kind == Kind.SENTINEL) ? SENTINEL_PORT : SERVER_PORT);
			if (server == null) {
				throw unreadable();
			}
			servers.add(server);
		}
		String database = matcher.group(3);
		return new StoreAddress(kind, matcher.group(1).equalsIgnoreCase("rediss"), servers,
				(database == null || database.isEmpty()) ? 0 : Integer.parseInt(database), primary);
	}

	private static InvalidStoreException unreadable() {
		return new InvalidStoreException(
				"store: 'url' cannot be read: expected redis://HOST:PORT/DATABASE, or rediss:// for TLS, with commas"
						+ " between several HOST:PORT of a cluster or of sentinels");
	}

	/**
	 * What the sentinels call the primary.
	 * @throws IllegalStateException if there are none
	 */
	String primaryName() {
		if (this.primary == null) {
			throw new IllegalStateException("no sentinels");
		}
		return this.primary;
	}

	/** The servers, another one first for each turn. */
	List<ServerAddress> serversFrom(int turn) {
		List<ServerAddress> turned = new ArrayList<>(this.servers);
		Collections.rotate(turned, -turn);
		return turned;
	}

	/**
	 * The same for the same servers by these names, in whatever order, with TLS or
	 * without.
	 */
	String identity() {
		String names = new TreeSet<>(this.servers).stream()
			.map(ServerAddress::toString)
			.collect(Collectors.joining(","));
		return switch (this.kind) {
			case SERVER -> "redis:" + names + "/" + this.database;
			case CLUSTER -> "redis-cluster:" + names;
			case SENTINEL -> "redis-sentinel:" + this.primary + "@" + names + "/" + this.database;
		};
	}

}
