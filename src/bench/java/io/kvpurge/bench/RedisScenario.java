package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.springframework.util.FileSystemUtils;

import io.kvpurge.testkit.RedisServer;

/**
 * Deletes the keys of a prefix from a real Redis server: kvpurge, the two recipes of the
 * shell, and a bare loop. Arguments: number of keys, percent that match, rounds, and a
 * regular expression for the ways if not all are wanted.
 */
public final class RedisScenario {

	static final String BARE = "bare Lettuce loop";

	private final RedisServer server;

	private final RedisData data;

	private final Path folder;

	private RedisScenario(RedisServer server, RedisData data, Path folder) {
		this.server = server;
		this.data = data;
		this.folder = folder;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		int percent = (args.length > 1) ? Integer.parseInt(args[1]) : 10;
		int rounds = (args.length > 2) ? Integer.parseInt(args[2]) : 3;
		Pattern wanted = Pattern.compile((args.length > 3) ? args[3] : ".*");
		RedisServer server = RedisServer.start();
		Path folder = Files.createTempDirectory("kvpurge-bench");
		try (RedisData data = new RedisData(server.url(0))) {
			System.out.println(Machine.line());
			new RedisScenario(server, data, folder).measure(keys, percent, rounds, wanted);
		}
		finally {
			server.stop();
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private void measure(int keys, int percent, int rounds, Pattern wanted) throws IOException, InterruptedException {
		Samples samples = new Samples("redis");
		Map<String, String> ways = ways(this.server.url(0));
		for (int round = 0; round < rounds; round++) {
			for (Map.Entry<String, String> way : ways.entrySet()) {
				if (wanted.matcher(way.getKey()).find()) {
					samples.add(measure(keys, percent, way.getKey(), way.getValue()));
				}
			}
		}
		samples.show(keys, percent, BARE);
	}

	/** The lines of shell, by their names. */
	static Map<String, String> ways(String url) throws IOException, InterruptedException {
		Map<String, String> ways = new LinkedHashMap<>();
		ways.put(BARE, MeasuredCommand
			.line(MeasuredCommand.java(KvpurgeWay.HEAP, BareRedisLoop.class.getName(), url, RedisData.PREFIX + "*")));
		ways.put("kvpurge", definition(url, "", ""));
		if (Machine.has("redis-cli")) {
			String cli = "redis-cli -u " + url;
			String scan = cli + " --scan --pattern '" + RedisData.PREFIX + "*'";
			ways.put("redis-cli xargs unlink", scan + " | xargs -n 1000 " + cli + " unlink");
			ways.put("redis-cli --pipe", scan + " | sed 's/^/UNLINK /' | " + cli + " --pipe");
		}
		return ways;
	}

	/**
	 * @param fields further ones of the store, with a comma before each
	 * @param limits the same of the limits
	 */
	static String definition(String url, String fields, String limits) {
		return """
				version: 1
				name: bench
				store: {type: redis, url: "%s"%s}
				select: {prefixes: ["%s"], where: all}
				limits: {max-fraction: 1%s}
				""".formatted(url, fields, RedisData.PREFIX, limits);
	}

	private Sample measure(int keys, int percent, String way, String line) throws IOException, InterruptedException {
		this.data.fill(keys, percent);
		String command = way.startsWith("kvpurge") ? new KvpurgeWay(this.folder).line(line) : line;
		double before = this.data.spent().cpu();
		MeasuredCommand.Finished finished = new MeasuredCommand(this.folder, Map.of()).run(command).expecting(0);
		RedisData.Spent spent = this.data.spent();
		long stay = keys - (long) keys * percent / 100;
		if (this.data.size() != stay) {
			throw new IllegalStateException("%s left %,d keys in place of %,d%n%s%s".formatted(way, this.data.size(),
					stay, finished.out(), finished.err()));
		}
		return new Sample("redis", keys, percent, way, finished.seconds(), finished.workSeconds(),
				finished.cpuSeconds(), spent.cpu() - before, finished.residentBytes(), finished.heapBytes(),
				spent.calls(), spent.bytes());
	}

}
