package io.kvpurge.definition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The schema of the configuration and its reader say the same. */
class SettingsSchemaTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Path FILE = Path.of("schema", "kvpurge.schema.json");

	private static final Schema SCHEMA = SchemaRegistry
		.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
				(registry) -> registry.schemas(SettingsSchemaTests::schema))
		.getSchema(SchemaLocation.of("test:/kvpurge.schema.json"));

	@TempDir
	Path folder;

	/** The file beside the other one: it refers to it by its name alone. */
	private static @Nullable String schema(String location) {
		try {
			return location.startsWith("test:/")
					? Files.readString(FILE.resolveSibling(location.substring("test:/".length()))) : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Error> errors(String yaml) {
		Object value = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
		return SCHEMA.validate(JSON.<JsonNode>valueToTree(value));
	}

	private void read(String yaml) throws IOException {
		new SettingsReader((name) -> null).read(List.of(Files.writeString(this.folder.resolve("kvpurge.yaml"), yaml)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{max-age: 1m, request-timeout: 30s, settle-delay: 0s}", "max-age: 1h30m",
			"protect: [\"config/\", a]", "metrics: {textfile-directory: /tmp, otlp-url: \"http://localhost:4318\"}",
			"webhook: {url: \"https://example.org/x?y=z\", \"on\": [failure, guard, stalled], stalled-after: 90m}",
			"webhook: {\"on\": [success, refused, paused, stopped]}",
			"broker: {url: \"tcp://localhost:61616?sslEnabled=true\"}",
			"broker: {url: \"(tcp://one:61616,tcp://two:61616)?ha=true\"}",
			"stores: {a: {type: memory, name: a}, b: {type: redis, url: \"redis://localhost\"}}" })
	void takeTheSame(String yaml) throws IOException {
		read(yaml);
		assertThat(errors(yaml)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "maxage: 1m", "max-age: soon", "max-age: 5", "max-age: [1m]", "settle-delay: -1s",
			"protect: a", "metrics: {folder: /tmp}", "metrics: /tmp", "webhook: {\"on\": [never]}",
			"webhook: {\"on\": failure}", "webhook: {stalled-after: later}", "stores: {a: {type: paper}}",
			"stores: {a: {name: x}}", "broker: {url: \"http://localhost\"}",
			"broker: {url: \"tcp://me:secret@localhost\"}", "broker: {password: secret}", "stores: [a]",
			"stores: {a: {type: memory, nom: x}}" })
	void refuseTheSame(String yaml) {
		assertThatExceptionOfType(DefinitionException.class).isThrownBy(() -> read(yaml));
		assertThat(errors(yaml)).isNotEmpty();
	}

	@Test
	void theSchemaKnowsEveryEvent() {
		assertThat(JSON.readTree(FILE)
			.at("/properties/webhook/properties/on/items/enum")
			.valueStream()
			.map(JsonNode::asString))
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(RunEvent.values()).map(RunEvent::word).toList());
	}

	/**
	 * What is read from the environment anywhere stands in the table of the
	 * documentation.
	 */
	@Test
	void everyVariableIsDocumented() throws IOException {
		String documented = Files.readString(Path.of("docs", "operations.md"));
		try (var files = Files.walk(Path.of("src", "main", "java"))) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				Matcher variable = Pattern.compile("\"(KVPURGE_[A-Z_]*[A-Z])\"").matcher(Files.readString(file));
				while (variable.find()) {
					assertThat(documented).as(file.toString()).contains("`" + variable.group(1) + "`");
				}
			}
		}
	}

}
