package io.kvpurge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.scheduling.support.CronExpression;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.report.ExitCode;

import static org.assertj.core.api.Assertions.assertThat;

/** What can be checked of the examples in {@code jobs/schedulers} without a scheduler. */
class SchedulersFolderTests {

	private static final Path FOLDER = Path.of("jobs", "schedulers");

	private static final String PROGRAM = "/usr/local/bin/kvpurge";

	/** Whose cause somebody must see to before another launch. */
	private static final Set<Integer> NEED_A_PERSON = Set.of(ExitCode.USAGE.status(), ExitCode.GUARD.status(),
			ExitCode.REFUSED.status());

	private static String text(String file) throws IOException {
		return Files.readString(FOLDER.resolve(file));
	}

	private static JsonNode yaml(String file) throws IOException {
		Object value = new Yaml(new SafeConstructor(new LoaderOptions())).load(text(file));
		return JsonMapper.shared().valueToTree(value);
	}

	private static Set<Integer> numbers(String text) {
		return Arrays.stream(text.strip().split("[ ,]+")).map(Integer::parseInt).collect(Collectors.toSet());
	}

	private static String value(String unit, String name) throws IOException {
		Matcher matcher = Pattern.compile("(?m)^" + name + "=(.*)$").matcher(text(unit));
		assertThat(matcher.find()).as(name).isTrue();
		return matcher.group(1);
	}

	@Test
	void theCrontabHasTimesAndCommands() throws IOException {
		List<String> jobs = text("crontab").lines().filter((line) -> line.matches("[0-9*].*")).toList();
		assertThat(jobs).hasSize(2).allSatisfy((line) -> {
			String[] fields = line.split(" +", 6);
			assertThat(CronExpression.isValidExpression("0 " + String.join(" ", List.of(fields).subList(0, 5))))
				.isTrue();
			assertThat(fields[5]).startsWith(PROGRAM + " ");
			assertThat(fields[5].replace("\\%", "")).doesNotContain("%");
		});
		assertThat(text("crontab")).endsWith("\n");
	}

	@Test
	void theyLaunchWhatTheInstallationPutsThere() throws IOException {
		assertThat(Files.readString(Path.of("docs", "operations.md"))).contains("/bin/kvpurge " + PROGRAM + "\n");
		assertThat(value("kvpurge@.service", "ExecStart")).startsWith(PROGRAM + " run ");
		assertThat(Files.readString(Path.of("README.md"))).contains("*  " + PROGRAM + " run ");
	}

	@Test
	void theDefinitionsThatTheyNameAreThere() throws IOException {
		List<String> named = new ArrayList<>();
		for (String file : List.of("crontab", "kubernetes-cronjob.yaml", "github-actions.yaml", "compose.yaml")) {
			Matcher matcher = Pattern.compile("jobs/([a-z-]+)\\.yaml").matcher(text(file));
			while (matcher.find()) {
				named.add(matcher.group(1));
			}
		}
		assertThat(named).isNotEmpty()
			.allSatisfy((name) -> assertThat(new DefinitionReader().read(Path.of("jobs", name + ".yaml")).name())
				.isEqualTo(name));
	}

	@Test
	void theServiceKnowsTheExitStatuses() throws IOException {
		assertThat(numbers(value("kvpurge@.service", "SuccessExitStatus")))
			.isEqualTo(Set.of(ExitCode.STOPPED.status(), ExitCode.BUSY.status(), 143));
		assertThat(numbers(value("kvpurge@.service", "RestartPreventExitStatus"))).isEqualTo(NEED_A_PERSON);
		assertThat(value("kvpurge@.service", "KillSignal")).isEqualTo("SIGTERM");
	}

	@Test
	void systemdTakesTheUnits(@TempDir Path folder) throws Exception {
		Path analyze = Path.of("/usr/bin/systemd-analyze");
		Assumptions.assumeTrue(Files.isExecutable(analyze), "no systemd-analyze on this machine");
		for (String unit : List.of("kvpurge@.service", "kvpurge@.timer")) {
			// Where they would stand, the program is there.
			Files.writeString(folder.resolve(unit),
					text(unit).replace(PROGRAM, System.getProperty("java.home") + "/bin/java"));
		}
		Process process = new ProcessBuilder(analyze.toString(), "verify", "--man=no",
				folder.resolve("kvpurge@.service").toString(), folder.resolve("kvpurge@.timer").toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		List<String> ours = output.lines().filter((line) -> line.contains("kvpurge")).toList();
		assertThat(ours).isEmpty();
		assertThat(process.waitFor()).as(output).isZero();
	}

	@Test
	void theCronJobKnowsTheExitStatuses() throws IOException {
		JsonNode job = yaml("kubernetes-cronjob.yaml");
		assertThat(job.get("apiVersion").asString()).isEqualTo("batch/v1");
		assertThat(CronExpression.isValidExpression("0 " + job.at("/spec/schedule").asString())).isTrue();
		assertThat(job.at("/spec/concurrencyPolicy").asString()).isEqualTo("Forbid");
		JsonNode failing = job.at("/spec/jobTemplate/spec/podFailurePolicy/rules/0/onExitCodes");
		Set<Integer> expected = new HashSet<>(NEED_A_PERSON);
		expected.add(ExitCode.STOPPED.status());
		assertThat(failing.get("values").valueStream().map(JsonNode::asInt))
			.containsExactlyInAnyOrderElementsOf(expected);
		JsonNode pod = job.at("/spec/jobTemplate/spec/template/spec");
		assertThat(pod.get("restartPolicy").asString()).isEqualTo("Never");
		assertThat(pod.at("/containers/0/name")).isEqualTo(failing.get("containerName"));
		Set<String> volumes = pod.get("volumes")
			.valueStream()
			.map((volume) -> volume.get("name").asString())
			.collect(Collectors.toSet());
		assertThat(pod.at("/containers/0/volumeMounts").valueStream().map((mount) -> mount.get("name").asString()))
			.containsExactlyInAnyOrderElementsOf(volumes);
		assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
		assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
	}

	@Test
	void theCronJobFitsTheImage() throws IOException {
		String pom = Files.readString(Path.of("pom.xml"));
		String version = pom.replaceAll("(?s).*?<artifactId>kvpurge</artifactId>\\s*<version>(.*?)</version>.*", "$1");
		JsonNode pod = yaml("kubernetes-cronjob.yaml").at("/spec/jobTemplate/spec/template/spec");
		JsonNode container = pod.at("/containers/0");
		assertThat(pom).contains("<image>kvpurge:${project.version}</image>");
		assertThat(container.get("image").asString()).isEqualTo("registry.example.org/kvpurge:" + version);
		assertThat(text("kubernetes-cronjob.yaml")).contains("target/kvpurge-" + version + "-image.tar");
		// The image says what is launched, and where its home is.
		assertThat(container.has("command")).isFalse();
		String user = pod.at("/securityContext/runAsUser").asString();
		assertThat(pom).contains("<user>" + user + ":" + user + "</user>");
		assertThat(container.get("volumeMounts").valueStream().map((mount) -> mount.get("mountPath").asString()))
			.contains(pom.replaceAll("(?s).*<volume>(.*?)</volume>.*", "$1"));
	}

	@Test
	void theWorkersFitTheImageAndTheCronJob() throws IOException {
		JsonNode deployment = yaml("kubernetes-workers.yaml");
		assertThat(deployment.get("apiVersion").asString()).isEqualTo("apps/v1");
		assertThat(deployment.at("/spec/selector/matchLabels"))
			.isEqualTo(deployment.at("/spec/template/metadata/labels"));
		JsonNode pod = deployment.at("/spec/template/spec");
		JsonNode launching = yaml("kubernetes-cronjob.yaml").at("/spec/jobTemplate/spec/template/spec");
		assertThat(pod.get("securityContext").get("runAsUser"))
			.isEqualTo(launching.get("securityContext").get("runAsUser"));
		JsonNode container = pod.at("/containers/0");
		assertThat(container.get("image")).isEqualTo(launching.at("/containers/0/image"));
		assertThat(container.get("args").get(0).asString()).isEqualTo("worker");
		assertThat(pod.get("terminationGracePeriodSeconds").asInt()).isGreaterThan(90);
		assertThat(container.at("/volumeMounts/0/name")).isEqualTo(pod.at("/volumes/0/name"));
	}

	@Test
	void whatTheComposeFileSetsIsUnderstood() throws IOException {
		JsonNode services = yaml("compose.yaml").get("services");
		JsonNode worker = services.get("worker");
		String pom = Files.readString(Path.of("pom.xml"));
		String version = pom.replaceAll("(?s).*?<artifactId>kvpurge</artifactId>\\s*<version>(.*?)</version>.*", "$1");
		assertThat(worker.get("image").asString()).isEqualTo("kvpurge:" + version);
		assertThat(worker.get("command").get(0).asString()).isEqualTo("worker");
		assertThat(services.get("run").get("command").get(0).asString()).isEqualTo("run");
		assertThat(services.get("run").get("environment")).isEqualTo(worker.get("environment"));
		String documented = Files.readString(Path.of("docs", "workers.md"));
		worker.get("environment")
			.propertyNames()
			.forEach((variable) -> assertThat(documented).contains("export " + variable.replaceAll("_PASSWORD$", "")));
		assertThat(Files.readString(Path.of("docs", "workers.md"))).contains("jobs/schedulers/compose.yaml");
		assertThat(services.get("broker").get("image").asString()).startsWith("apache/activemq-artemis:");
	}

	@Test
	void theWorkflowPurgesByPullRequest() throws IOException {
		String text = text("github-actions.yaml");
		JsonNode steps = yaml("github-actions.yaml").at("/jobs/purge/steps");
		JsonNode last = steps.get(steps.size() - 1);
		// What comes from outside is handed over as a variable, and is no part of a
		// script.
		assertThat(last.get("run").asString()).doesNotContain("${{").contains("-p closed=\"$PULL_REQUEST\"");
		assertThat(text).contains("types: [closed]");
		Map<String, ?> parameters = new DefinitionReader().read(Path.of("jobs", "cloudflare-previews.yaml"))
			.parameters();
		assertThat(parameters).containsKey("closed");
	}

}
