package io.kvpurge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.testkit.FinishedProgram;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The image that {@code -Pdist} makes, unpacked layer by layer into a folder, and started
 * there as its configuration says: its own Java and libraries with this folder as root,
 * read-only but for the volume, as the user 10001. What a container engine does besides
 * (cgroups, seccomp, a network of its own) is not tried.
 */
@EnabledIfSystemProperty(named = "kvpurge.image", matches = ".+", disabledReason = "an image is made by -Pdist only")
class ImageIT {

	private static final String USER = "10001";

	private static final String HOME = "/var/lib/kvpurge";

	/**
	 * Arguments: root, volume, folder of work, what is launched last with the folder as
	 * its root, command.
	 */
	private static final String CONTAINER = """
			set -e
			root=$1; volume=$2; work=$3; last=$4; shift 4
			mount --bind "$root" "$root"
			mount --rbind /dev "$root/dev"
			mount --rbind /proc "$root/proc"
			mount --bind "$volume" "$root%s"
			mount -o remount,bind,ro "$root"
			exec $last --root="$root" --wd="$work" "$@"
			""".formatted(HOME);

	@TempDir
	private static Path folder;

	private static Path root;

	private static Path volume;

	private static JsonNode configuration;

	@BeforeAll
	static void unpack() throws Exception {
		Path layout = Files.createDirectory(folder.resolve("layout"));
		launch("tar", "-xf", System.getProperty("kvpurge.image"), "-C", layout.toString()).exits(0);
		JsonNode index = json(layout.resolve("index.json"));
		JsonNode manifest = json(blob(layout, index.at("/manifests/0")));
		configuration = json(blob(layout, manifest.get("config")));
		root = Files.createDirectory(folder.resolve("root"));
		for (JsonNode layer : manifest.get("layers")) {
			launch("tar", "-xzf", blob(layout, layer).toString(), "-C", root.toString()).exits(0);
		}
		// A new volume is as the image's folder is; an engine makes the other two.
		volume = folder.resolve("volume");
		launch("cp", "-a", root + HOME, volume.toString()).exits(0);
		Files.createDirectories(root.resolve("dev"));
		Files.createDirectories(root.resolve("proc"));
		// The user must come through to the volume.
		launch("chmod", "a+x", folder.toString()).exits(0);
	}

	private static Path blob(Path layout, JsonNode descriptor) {
		return layout.resolve("blobs").resolve(descriptor.get("digest").asString().replace(':', '/'));
	}

	private static JsonNode json(Path file) throws IOException {
		return JsonMapper.shared().readTree(Files.readString(file));
	}

	private static FinishedProgram launch(String... command) throws Exception {
		return FinishedProgram.launch(folder, Map.of("PATH", System.getenv("PATH")), List.of(command));
	}

	private static List<String> namespaces() throws IOException {
		return root() ? List.of("unshare", "--mount") : List.of("unshare", "--user", "--map-root-user", "--mount");
	}

	private static boolean root() throws IOException {
		return Files.getAttribute(folder, "unix:uid").equals(0);
	}

	private static FinishedProgram kvpurge(String... arguments) throws Exception {
		return kvpurge(Map.of(), arguments);
	}

	private static FinishedProgram kvpurge(Map<String, String> more, String... arguments) throws Exception {
		JsonNode config = configuration.get("config");
		List<String> command = new ArrayList<>(namespaces());
		command.addAll(List.of("sh", "-c", CONTAINER, "sh", root.toString(), volume.toString(),
				config.get("WorkingDir").asString(), "unshare " + (root() ? "--setgid " + USER + " --setuid " + USER
						: "--user --map-user=" + USER + " --map-group=" + USER)));
		config.get("Entrypoint").forEach((part) -> command.add(part.asString()));
		command.addAll(List.of(arguments));
		Map<String, String> variables = new LinkedHashMap<>(Map.of("PATH", System.getenv("PATH")));
		config.get("Env").forEach((variable) -> {
			String[] parts = variable.asString().split("=", 2);
			variables.put(parts[0], parts[1]);
		});
		variables.putAll(more);
		return FinishedProgram.launch(folder, variables, command);
	}

	@Test
	void itSaysWhoItIsAndWhatOutlivesIt() {
		JsonNode config = configuration.get("config");
		assertThat(config.get("User").asString()).isEqualTo(USER + ":" + USER);
		assertThat(config.get("Volumes").propertyNames()).containsExactly(HOME);
		assertThat(config.get("Env").valueStream().map(JsonNode::asString)).contains("KVPURGE_HOME=" + HOME);
	}

	@Test
	void nobodyCanBecomeRootInIt() throws Exception {
		assertThat(launch("find", root.toString(), "-perm", "/6000").exits(0)).isEmpty();
		assertThat(root.resolve("bin/sh")).doesNotExist();
	}

	@Test
	void itPurgesAsItsUserWithNothingToWriteToButTheVolume() throws Exception {
		List<String> probe = new ArrayList<>(namespaces());
		probe.addAll(List.of("mount", "--bind", root.toString(), root.toString()));
		FinishedProgram allowed = launch(probe.toArray(String[]::new));
		Assumptions.assumeTrue(allowed.status() == 0, "this machine lets nobody mount: " + allowed.output());
		assertThat(kvpurge("--version").exits(0)).isEqualTo("kvpurge " + System.getProperty("kvpurge.version") + "\n");
		// Java would refuse to start without its archive.
		kvpurge(Map.of("JDK_JAVA_OPTIONS", "-Xshare:on"), "--version").exits(0);
		assertThat(kvpurge("status").exits(0)).contains("no definition has run yet in " + HOME);
		assertThat(kvpurge("demo", "--home", "/elsewhere").exits(2)).contains("cannot write to /elsewhere");
		assertThat(kvpurge("demo", "--home", HOME, "--progress", "none").exits(0)).containsPattern("deleted +19,492\n");
		assertThat(kvpurge("status", "demo.1").exits(0)).contains("by kvpurge on");
		assertThat(Files.getAttribute(volume.resolve("definitions"), "unix:uid"))
			.isEqualTo(root() ? Integer.valueOf(USER) : Files.getAttribute(folder, "unix:uid"));
	}

}
