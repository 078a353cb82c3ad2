package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import io.kvpurge.testkit.RedisServer;

/** The users whom docs/redis.md describes, for the version of Redis at hand. */
final class DocumentedPermissions {

	static final String PASSWORD = "hunter2";

	private DocumentedPermissions() {
	}

	/** A user with the line of the docs, and no more than that. */
	static void grant(RedisCommands<String, String> server, String user, String keys) throws IOException {
		dispatch(server, line(server, user, keys));
	}

	/** The same for a node of a cluster. */
	static void grantInCluster(RedisCommands<String, String> node, String user, String keys) throws IOException {
		dispatch(node, line(node, user, keys) + " " + quoted("In a cluster, add `([^`]+)`"));
	}

	private static String line(RedisCommands<String, String> server, String user, String keys) throws IOException {
		String line = quoted("(?m)^ACL (SETUSER .*)$").replace("kvpurge", user)
			.replace(">PASSWORD", ">" + PASSWORD)
			.replace("~session:*", keys);
		return RedisServer.isAtLeast(server, 7, 0) ? line + " " + quoted("From Redis 7 on, add `([^`]+)`") : line;
	}

	private static String quoted(String pattern) throws IOException {
		return Pattern.compile(pattern)
			.matcher(Files.readString(Path.of("docs/redis.md")))
			.results()
			.map((found) -> found.group(1))
			.findFirst()
			.orElseThrow();
	}

	private static void dispatch(RedisCommands<String, String> server, String line) {
		CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
		List.of(line.split(" ")).forEach(arguments::add);
		server.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
	}

}
