package io.kvpurge.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks at pages in WebKit, the engine that JavaFX brings, without a screen, with
 * axe-core in the page. What it sees is drawn beside each page, as
 * {@code NAME-WIDTH.png}.
 */
public final class Browser {

	private static final long LONGEST_SECONDS = 120;

	private static final JsonMapper JSON = JsonMapper.shared();

	private Browser() {
	}

	/**
	 * What is seen of each page; skips the test where the machine lacks what WebKit needs
	 * (fonts, say).
	 */
	public static List<Seen> look(List<View> views) throws IOException, InterruptedException {
		Path folder = views.get(0).page().toAbsolutePath().getParent();
		Path out = folder.resolve("browser.out");
		// JavaFX would unpack its libraries into the home of the user, and leave them
		// there.
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
						"-Djavafx.cachedir=" + folder.resolve("javafx"), "-cp", System.getProperty("java.class.path"),
						WebKitProcess.class.getName()));
		views.forEach((view) -> command.addAll(List.of(view.page().toString(), Integer.toString(view.width()))));
		Path err = folder.resolve("browser.err");
		Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
		try {
			if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
				throw new AssertionError("does not end: " + text(err));
			}
		}
		finally {
			process.destroyForcibly();
		}
		Assumptions.assumeTrue(process.exitValue() != WebKitProcess.CANNOT_START,
				() -> "WebKit does not start on this machine: " + text(err));
		if (process.exitValue() != 0) {
			throw new AssertionError("ended with " + process.exitValue() + ": " + text(err));
		}
		return Files.readAllLines(out).stream().map((line) -> Seen.of(JSON.readTree(line))).toList();
	}

	private static String text(Path file) {
		try {
			return Files.readString(file, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	/**
	 * What is to be looked at.
	 *
	 * @param page its file
	 * @param width of the window, in pixels: 360 is a phone
	 */
	public record View(Path page, int width) {
	}

	/**
	 * A page in one width.
	 *
	 * @param page the name of its file
	 * @param width of the window
	 * @param innerWidth what the page sees of it
	 * @param scrollWidth how wide the page is
	 * @param sections the ids of the sections that take up room
	 * @param violations what axe-core finds
	 * @param console what was written to the console
	 */
	public record Seen(String page, int width, int innerWidth, int scrollWidth, List<String> sections,
			List<String> violations, List<String> console) {

		private static Seen of(JsonNode json) {
			return new Seen(json.get("page").asString(), json.get("width").asInt(), json.at("/seen/innerWidth").asInt(),
					json.at("/seen/scrollWidth").asInt(), texts(json.at("/seen/sections")),
					texts(json.get("violations")), texts(json.get("console")));
		}

		private static List<String> texts(JsonNode list) {
			return list.valueStream().map(JsonNode::asString).toList();
		}

	}

}
