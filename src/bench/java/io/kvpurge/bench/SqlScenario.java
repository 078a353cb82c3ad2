package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.springframework.util.FileSystemUtils;

/**
 * Deletes rows of a table: kvpurge, one statement, batches written by hand, and a bare
 * loop. Arguments: h2 or postgresql, number of keys, percent that match, rounds, and a
 * regular expression for the ways if not all are wanted.
 */
public final class SqlScenario {

	static final String BARE = "bare loop";

	private static final int RANGES = 4;

	private final String name;

	private final SqlDatabase database;

	private final Path folder;

	SqlScenario(String name, SqlDatabase database, Path folder) {
		this.name = name;
		this.database = database;
		this.folder = folder;
	}

	public static void main(String[] args) throws IOException, InterruptedException, SQLException {
		String name = args[0];
		int keys = (args.length > 1) ? Integer.parseInt(args[1]) : 1_000_000;
		int percent = (args.length > 2) ? Integer.parseInt(args[2]) : 10;
		int rounds = (args.length > 3) ? Integer.parseInt(args[3]) : 3;
		Pattern wanted = Pattern.compile((args.length > 4) ? args[4] : ".*");
		Path folder = Files.createTempDirectory("kvpurge-bench");
		try {
			System.out.println(Machine.line());
			SqlDatabase database = SqlDatabase.of(name, folder);
			database.fill(keys);
			new SqlScenario(name, database, folder).measure(keys, percent, rounds, wanted);
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private void measure(int keys, int percent, int rounds, Pattern wanted)
			throws IOException, InterruptedException, SQLException {
		Samples samples = new Samples(this.name);
		Map<String, String> ways = ways(percent);
		for (int round = 0; round < rounds; round++) {
			for (Map.Entry<String, String> way : ways.entrySet()) {
				if (wanted.matcher(way.getKey()).find()) {
					samples.add(measure(keys, percent, way.getKey(), way.getValue()));
				}
			}
		}
		samples.show(keys, percent, BARE);
	}

	/** The lines of shell, and for kvpurge the definitions, by their names. */
	Map<String, String> ways(int percent) throws IOException {
		String url = this.database.url();
		Map<String, String> ways = new LinkedHashMap<>();
		Path definition = Files.writeString(this.folder.resolve("bare.yaml"), definition(url, percent, 1));
		ways.put(BARE, java(BareLoop.class, definition.toString(), String.valueOf(RANGES)));
		ways.put("kvpurge", definition(url, percent, 1));
		if (percent <= 50) {
			ways.put("kvpurge guarded", definition(url, percent, 0.5));
		}
		ways.put("batches of 1000 by hand", java(HandWrittenBatches.class, url, String.valueOf(percent)));
		ways.put("DELETE WHERE", java(OneStatement.class, url, this.database.condition(percent)));
		return ways;
	}

	private static String java(Class<?> program, String... arguments) {
		return MeasuredCommand.line(MeasuredCommand.java(KvpurgeWay.HEAP, program.getName(), arguments));
	}

	static String definition(String url, int percent, double fraction) {
		return """
				version: 1
				name: bench
				store: {type: jdbc, url: "%s", table: entries, key: name, metadata: metadata}
				select: {prefixes: ["key/"], where: metadata.n %% 100 < %d}
				partitions: %d
				limits: {max-fraction: %s}
				""".formatted(url, percent, RANGES, fraction);
	}

	private Sample measure(int keys, int percent, String way, String line)
			throws IOException, InterruptedException, SQLException {
		this.database.reset();
		boolean kvpurge = way.startsWith("kvpurge");
		String command = kvpurge ? new KvpurgeWay(this.folder).line(line) : line;
		double before = this.database.serverCpu();
		MeasuredCommand.Finished finished = new MeasuredCommand(this.folder, Map.of()).run(command).expecting(0);
		double server = this.database.serverCpu() - before;
		long stay = keys - (long) keys * percent / 100;
		if (this.database.size() != stay) {
			throw new IllegalStateException("%s left %,d keys in place of %,d%n%s%s".formatted(way,
					this.database.size(), stay, finished.out(), finished.err()));
		}
		long calls = kvpurge ? KvpurgeWay.calls(finished) : -1;
		return new Sample(this.name, keys, percent, way, finished.seconds(), finished.workSeconds(),
				finished.cpuSeconds(), server, finished.residentBytes(), finished.heapBytes(), calls, -1);
	}

}
