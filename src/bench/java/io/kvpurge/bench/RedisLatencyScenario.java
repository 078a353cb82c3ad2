package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.springframework.util.FileSystemUtils;

import io.kvpurge.testkit.RedisServer;

/**
 * How long somebody else waits for a GET while a purge is under way. Arguments: number of
 * keys, percent that match, a regular expression for the ways, and for purges that show
 * consideration further fields of a definition, one each: of {@code limits} those of keys
 * per second, else of {@code store}. With the system property {@code bench.cores} the
 * purges get these cores only: server and reader are left alone on the others, as on
 * another machine, if this process is started on those.
 */
public final class RedisLatencyScenario {

	private static final int QUIET_MILLIS = 5_000;

	private RedisLatencyScenario() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int keys = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		int percent = (args.length > 1) ? Integer.parseInt(args[1]) : 50;
		Pattern wanted = Pattern.compile((args.length > 2) ? args[2] : ".*");
		RedisServer server = RedisServer.start();
		Path folder = Files.createTempDirectory("kvpurge-bench");
		String url = server.url(0);
		try (RedisData data = new RedisData(url)) {
			System.out.println(Machine.line());
			System.out.printf("%,d keys, %d %% match, 1,000 GET a second beside it; milliseconds%n", keys, percent);
			System.out.printf("%-30s | %8s | %13s | %8s %8s %8s %8s%n", "way", "wall s", "", "p50", "p99", "p99.9",
					"max");
			Map<String, String> ways = RedisScenario.ways(url);
			for (int i = 3; i < args.length; i++) {
				boolean limit = args[i].startsWith("keys-per-second");
				ways.put("kvpurge, " + args[i],
						RedisScenario.definition(url, limit ? "" : ", " + args[i], limit ? ", " + args[i] : ""));
			}
			data.fill(keys, percent);
			try (ForegroundClient client = new ForegroundClient(url)) {
				Thread.sleep(QUIET_MILLIS);
				System.out.printf("%-30s | %8.2f | %s%n", "nothing", QUIET_MILLIS / 1e3, client.stop());
			}
			for (Map.Entry<String, String> way : ways.entrySet()) {
				if (wanted.matcher(way.getKey()).find()) {
					data.fill(keys, percent);
					measure(way.getKey(), way.getValue(), url, folder);
				}
			}
		}
		finally {
			server.stop();
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private static void measure(String way, String line, String url, Path folder)
			throws IOException, InterruptedException {
		String command = way.startsWith("kvpurge") ? new KvpurgeWay(folder).line(line) : line;
		String cores = System.getProperty("bench.cores");
		if (cores != null) {
			command = "taskset -c " + cores + " bash -c " + MeasuredCommand.line(List.of(command));
		}
		try (ForegroundClient client = new ForegroundClient(url)) {
			MeasuredCommand.Finished finished = new MeasuredCommand(folder, Map.of()).run(command).expecting(0);
			System.out.printf("%-30s | %8.2f | %s%n", way, finished.seconds(), client.stop());
		}
	}

}
