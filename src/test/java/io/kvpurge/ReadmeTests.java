package io.kvpurge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.filter.ParameterType;
import io.kvpurge.filter.Rule;
import io.kvpurge.testkit.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Does what the README says, in its order, in one shell and an empty folder. A command
 * ends with 0 unless {@code # exits N} stands behind it. A text block that follows
 * commands shows what they print; only {@code ...} leaves lines out. Maven is not run:
 * {@code java -jar} starts the classes under test, which are what the jar holds.
 */
class ReadmeTests {

	private static final Pattern FENCE = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);

	private static final Pattern EXITS = Pattern.compile("# exits (\\d+)");

	private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");

	private static final String JAR = "target/kvpurge.jar";

	@TempDir
	private static Path folder;

	private static final List<Command> commands = new ArrayList<>();

	private static final List<Shown> shown = new ArrayList<>();

	@BeforeAll
	static void runTheReadme() throws Exception {
		for (MatchResult block : blocks(Path.of("README.md"))) {
			if (block.group(1).equals("sh")) {
				shown.add(new Shown(commands.size(), new ArrayList<>()));
				commands.addAll(commandsOf(block.group(2)));
			}
			else if (block.group(1).equals("text") && shown.get(shown.size() - 1).lines().isEmpty()) {
				shown.get(shown.size() - 1).lines().addAll(block.group(2).lines().toList());
			}
		}
		executable("bin/java",
				"[ \"$1 $2\" = '-jar " + JAR + "' ] || { echo no such jar: \"$@\"; exit 99; }\n" + "shift 2\nexec "
						+ ChildJvm.kvpurge(ChildJvm.SHORT_LIVED)
							.stream()
							.map(ReadmeTests::quoted)
							.collect(Collectors.joining(" "))
						+ " \"$@\"\n");
		executable("bin/mvn", "echo \"$@\" >> mvn.log\n");
		StringBuilder script = new StringBuilder();
		for (int i = 0; i < commands.size(); i++) {
			script.append(
					"{ %s\n} < /dev/null > out.%d 2>&1\necho $? > status.%d\n".formatted(commands.get(i).text(), i, i));
		}
		ProcessBuilder shell = new ProcessBuilder("bash", "-c", script.toString()).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(folder.resolve("shell.log").toFile());
		shell.environment().keySet().removeIf((name) -> name.startsWith("KVPURGE_") || name.equals("STATE_DIRECTORY"));
		shell.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
		shell.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
		Process process = shell.start();
		assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("the commands come to an end").isTrue();
		assertThat(Files.readString(folder.resolve("shell.log"))).isEmpty();
	}

	private static void executable(String name, String text) throws IOException {
		Path file = folder.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "#!/usr/bin/env bash\n" + text);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private static String quoted(String text) {
		return "'" + text.replace("'", "'\\''") + "'";
	}

	/** A command may go on over lines: with a here document up to END. */
	private static List<Command> commandsOf(String block) {
		List<Command> found = new ArrayList<>();
		List<String> open = new ArrayList<>();
		for (String line : block.lines().toList()) {
			open.add(line);
			boolean inside = open.get(0).endsWith("<<'END'") && !line.equals("END");
			if (!inside) {
				found.add(new Command(String.join("\n", open)));
				open.clear();
			}
		}
		assertThat(open).as("a here document without END").isEmpty();
		return found;
	}

	private static List<MatchResult> blocks(Path file) throws IOException {
		return FENCE.matcher(Files.readString(file)).results().toList();
	}

	private static String output(int command) throws IOException {
		return Files.readString(folder.resolve("out." + command));
	}

	@Test
	void everyCommandEndsAsTheReadmeSays() throws IOException {
		assertThat(commands).hasSizeGreaterThan(10);
		for (int i = 0; i < commands.size(); i++) {
			assertThat(Files.readString(folder.resolve("status." + i)).strip())
				.as("%s%n%s", commands.get(i).text(), output(i))
				.isEqualTo(commands.get(i).status());
		}
	}

	@Test
	void whatIsShownIsWhatIsPrinted() throws IOException {
		assertThat(shown).filteredOn((block) -> !block.lines().isEmpty()).hasSizeGreaterThan(3);
		for (int i = 0; i < shown.size(); i++) {
			int end = (i + 1 < shown.size()) ? shown.get(i + 1).firstCommand() : commands.size();
			StringBuilder printed = new StringBuilder();
			for (int command = shown.get(i).firstCommand(); command < end; command++) {
				printed.append(output(command));
			}
			List<String> lines = printed.toString().lines().map(ReadmeTests::withoutChance).toList();
			int from = 0;
			for (String line : shown.get(i).lines()) {
				if (!line.equals("...") && !line.startsWith("15 3 * * *")) {
					int at = lines.subList(from, lines.size()).indexOf(withoutChance(line));
					assertThat(at).as("'%s' is printed, in this order, by%n%s", line, printed).isNotNegative();
					from += at + 1;
				}
			}
		}
	}

	/** The line without what differs from launch to launch, and from folder to folder. */
	private static String withoutChance(String line) {
		return line.replaceAll("/\\S*?/target/", ".../target/")
			.replaceAll("\\b[0-9a-f]{64}\\b", "HASH")
			.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
			.replaceAll("\\b\\d+(\\.\\d+)? s\\b", "N s");
	}

	@Test
	void theKeyFiguresOfTheDemoAreReal() throws IOException {
		String demo = output(0);
		assertThat(demo).containsPattern("listed +26,341\n")
			.containsPattern("held +231\n")
			.containsPattern("deleted +19,492\n");
		assertThat(Files.readString(Path.of("README.md"))).contains("26,341", "231", "19,492");
	}

	@Test
	void mavenIsAskedForWhatThePomHas() throws IOException {
		String pom = Files.readString(Path.of("pom.xml"));
		assertThat("target/" + pom.replaceAll("(?s).*<finalName>(.*?)</finalName>.*", "$1") + ".jar").isEqualTo(JAR);
		assertThat(Files.readAllLines(folder.resolve("mvn.log"))).containsExactly("-q -DskipTests package",
				"-B -ntp verify");
		assertThat(Files.readString(Path.of("README.md"))).contains("`mvn -Pdist -DskipTests package`");
		assertThat(pom).contains("<id>dist</id>");
	}

	@Test
	void continuousIntegrationRunsTheSecondCommand() throws IOException {
		String test = commands.stream().map(Command::text).filter((text) -> text.endsWith(" verify")).findFirst().get();
		assertThat(Files.readAllLines(Path.of(".ci", "run"))).contains(test);
	}

	@Test
	void theResultObjectIsDescribedFieldByField() throws IOException {
		String operations = Files.readString(Path.of("docs", "operations.md"));
		int command = commands
			.indexOf(commands.stream().filter((candidate) -> candidate.text().endsWith("--json")).findFirst().get());
		String json = output(command).lines().filter((line) -> line.startsWith("{")).findFirst().get();
		Set<String> fields = new TreeSet<>(JsonMapper.shared().readTree(json).propertyNames());
		assertThat(fields).contains("deleted")
			.allSatisfy((field) -> assertThat(operations).contains("| `" + field + "` |"));
	}

	@Test
	void definitionsAndRulesThatAreShownAreValid() throws IOException {
		int definitions = 0;
		int rules = 0;
		for (MatchResult block : blocks(Path.of("docs", "definition.md"))) {
			if (block.group(1).equals("yaml")) {
				new DefinitionReader().read(block.group(2), "docs/definition.md");
				definitions++;
			}
			else if (block.group(1).equals("cel")) {
				for (String rule : block.group(2).lines().toList()) {
					assertThatCode(() -> Rule.compile(rule, Map.<String, ParameterType>of())).as(rule)
						.doesNotThrowAnyException();
					rules++;
				}
			}
		}
		assertThat(definitions).isGreaterThan(1);
		assertThat(rules).isGreaterThan(5);
	}

	@Test
	void definitionsForCloudflareThatAreShownAreValid() throws IOException {
		List<MatchResult> shown = blocks(Path.of("docs", "cloudflare.md")).stream()
			.filter((block) -> block.group(1).equals("yaml"))
			.toList();
		assertThat(shown).hasSizeGreaterThan(1)
			.allSatisfy((block) -> new DefinitionReader().read(block.group(2), "docs/cloudflare.md"));
	}

	@Test
	void linksLeadSomewhere() throws IOException {
		Set<String> dead = new TreeSet<>();
		for (Path page : pages()) {
			Path parent = page.toAbsolutePath().getParent();
			LINK.matcher(Files.readString(page))
				.results()
				.map((link) -> link.group(1))
				.filter((link) -> !link.startsWith("https://"))
				.filter((link) -> !Files.exists(parent.resolve(link)))
				.forEach((link) -> dead.add(page + " -> " + link));
		}
		assertThat(dead).isEmpty();
	}

	private static List<Path> pages() throws IOException {
		List<Path> pages = new ArrayList<>();
		for (String root : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")) {
			pages.add(Path.of(root));
		}
		try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
			docs.filter((path) -> path.toString().endsWith(".md")).forEach(pages::add);
		}
		return pages;
	}

	/** A command of the README, with its comment. */
	private record Command(String text) {

		String status() {
			return EXITS.matcher(this.text).results().map((match) -> match.group(1)).findFirst().orElse("0");
		}

	}

	/**
	 * Lines that the README shows as printed by the commands of one block.
	 *
	 * @param firstCommand the first of them
	 * @param lines the lines
	 */
	private record Shown(int firstCommand, List<String> lines) {

	}

}
