package io.kvpurge.bench;

import java.util.LinkedHashMap;
import java.util.Map;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

/**
 * A database of small strings on a Redis server, and what the server says of itself. Of a
 * hundred keys in a row so many begin with {@link #PREFIX} as shall match.
 */
final class RedisData implements AutoCloseable {

	static final String PREFIX = "purge:";

	private static final int KEYS_OF_A_SCRIPT = 10_000;

	private static final String FILL = """
			local percent = tonumber(ARGV[3])
			for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
			  local prefix = (i % 100 < percent) and 'purge:' or 'keep:'
			  redis.call('SET', string.format('%s%09d', prefix, i), '0123456789abcdef0123456789abcdef')
			end
			""";

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	RedisData(String url) {
		this.client = RedisClient.create(RedisURI.create(url));
		this.connection = this.client.connect();
	}

	/** Makes it anew, and forgets what was counted. */
	void fill(int keys, int percent) {
		RedisCommands<String, String> commands = this.connection.sync();
		commands.flushall();
		for (int start = 0; start < keys; start += KEYS_OF_A_SCRIPT) {
			commands.eval(FILL, ScriptOutputType.STATUS, new String[0], String.valueOf(start),
					String.valueOf(Math.min(keys, start + KEYS_OF_A_SCRIPT) - 1), String.valueOf(percent));
		}
		commands.configResetstat();
	}

	/** A user who may give every command, for keys of a pattern. */
	void user(String name, String password, String keys) {
		this.connection.sync()
			.aclSetuser(name,
					AclSetuserArgs.Builder.on()
						.addPassword(password)
						.allCommands()
						.resetKeys()
						.keyPattern(keys.substring(1)));
	}

	/** Cuts all connections but this one. */
	void cutOthers() {
		this.connection.sync().clientKill(KillArgs.Builder.typeNormal().skipme());
	}

	/** How many keys there are. */
	long size() {
		return this.connection.sync().dbsize();
	}

	/** What the server has spent and moved since it was filled. */
	Spent spent() {
		Map<String, String> info = new LinkedHashMap<>();
		RedisCommands<String, String> commands = this.connection.sync();
		for (String section : new String[] { "cpu", "stats", "commandstats" }) {
			commands.info(section).lines().filter((line) -> line.contains(":")).forEach((line) -> {
				String[] pair = line.split(":", 2);
				info.put(pair[0], pair[1].strip());
			});
		}
		double cpu = Double.parseDouble(info.get("used_cpu_user")) + Double.parseDouble(info.get("used_cpu_sys"));
		long bytes = Long.parseLong(info.get("total_net_input_bytes"))
				+ Long.parseLong(info.get("total_net_output_bytes"));
		// What a script calls is counted as well, but was not sent.
		boolean scripts = info.containsKey("cmdstat_evalsha");
		long calls = 0;
		for (String command : new String[] { "scan", "unlink", "evalsha", "eval", "info" }) {
			if (!scripts || !command.equals("unlink")) {
				calls += calls(info.get("cmdstat_" + command));
			}
		}
		return new Spent(cpu, bytes, calls);
	}

	private static long calls(String stat) {
		return (stat != null) ? Long.parseLong(stat.replaceAll("calls=(\\d+),.*", "$1")) : 0;
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown();
	}

	/**
	 * What a server has spent.
	 *
	 * @param cpu seconds since its start
	 * @param bytes over the wire, both ways, since it was filled
	 * @param calls commands that were sent to it since then
	 */
	record Spent(double cpu, long bytes, long calls) {
	}

}
