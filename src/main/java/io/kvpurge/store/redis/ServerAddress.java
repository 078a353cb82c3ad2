package io.kvpurge.store.redis;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a server listens.
 *
 * @param host a name or an IP address, without brackets
 * @param port the port
 */
record ServerAddress(String host, int port) implements Comparable<ServerAddress> {

	private static final Pattern WRITTEN = Pattern.compile("([^:\\[\\]\\s@]+|\\[[0-9a-fA-F:.]+\\])(?::(\\d{1,5}))?");

	private static final int HIGHEST_PORT = 65_535;

	ServerAddress {
		host = host.toLowerCase(Locale.ROOT);
	}

	/** Reads {@code HOST} or {@code HOST:PORT}; null if it is another text. */
	static @Nullable ServerAddress parse(String text, int defaultPort) {
		Matcher matcher = WRITTEN.matcher(text);
		if (!matcher.matches()) {
			return null;
		}
		int port = (matcher.group(2) != null) ? Integer.parseInt(matcher.group(2)) : defaultPort;
		String host = matcher.group(1);
		boolean isBracketed = host.startsWith("[");
		return (port >= 1 && port <= HIGHEST_PORT)
				? new ServerAddress(isBracketed ? host.substring(1, host.length() - 1) : host, port) : null;
	}

	@Override
	public int compareTo(ServerAddress other) {
		int byHost = this.host.compareTo(other.host);
		return (byHost != 0) ? byHost : Integer.compare(this.port, other.port);
	}

	@Override
	public String toString() {
		return (this.host.contains(":") ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
