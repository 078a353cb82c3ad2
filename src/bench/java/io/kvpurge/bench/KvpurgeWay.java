package io.kvpurge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * kvpurge, launched as a scheduler does, with 256 MB, the collector that
 * {@code bin/kvpurge} takes, and a ledger of its own. The system property
 * {@code bench.kvpurge} has other options of its JVM.
 */
final class KvpurgeWay {

	static final String HEAP = "256m";

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Path folder;

	KvpurgeWay(Path folder) {
		this.folder = folder;
	}

	/** The line that launches it, with nothing left of a run before. */
	String line(String definition) throws IOException {
		Path home = this.folder.resolve("home");
		FileSystemUtils.deleteRecursively(home);
		Path file = Files.writeString(this.folder.resolve("bench.yaml"), definition);
		List<String> command = MeasuredCommand.java(HEAP, "io.kvpurge.cli.Kvpurge", "run", "--json", "--home",
				home.toString(), file.toString());
		String options = System.getProperty("bench.kvpurge", "-XX:+UseSerialGC");
		return command.get(0) + " " + options + " " + MeasuredCommand.line(command.subList(1, command.size()));
	}

	/** How many calls the run says that it has made. */
	static long calls(MeasuredCommand.Finished finished) {
		JsonNode calls = JSON.readTree(finished.out().substring(finished.out().indexOf("{\"schema\""))).get("calls");
		return calls.get("list").asLong() + calls.get("delete").asLong() + calls.get("other").asLong();
	}

}
