package io.kvpurge.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.filter.ParameterType;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreType;
import io.kvpurge.store.StoreTypes;

import static io.kvpurge.definition.DefinitionTexts.GOOD;
import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.with;
import static io.kvpurge.definition.DefinitionTexts.withWhere;
import static org.assertj.core.api.Assertions.assertThat;

/** The schema and the reader say the same. */
class DefinitionSchemaTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final JsonNode TREE = tree();

	private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
		.getSchema(TREE);

	private static final String JDBC = "  type: jdbc\n  url: \"jdbc:h2:file:${DIR}/x\"\n  table: t\n  key: k\n";

	private static final String CLOUDFLARE = "  type: cloudflare\n  account-id: a1\n  api-token: ${TOKEN}\n";

	private static JsonNode tree() {
		return JSON.readTree(Path.of("schema", "purge-definition.schema.json"));
	}

	private static List<Error> errors(String yaml) {
		Object value = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
		return SCHEMA.validate(JSON.<JsonNode>valueToTree(value));
	}

	private static String store(String lines) {
		return with("  type: memory\n  name: tests\n", lines);
	}

	static Stream<String> good() {
		return Stream.of(GOOD, with("partitions: 2\n", ""), with("[\"page/\"]", "[\"\"]"), withWhere("all"),
				with("  prefixes: [\"page/\"]", "  keys: [a, \"b ${C}\"]"),
				with("  where:", "  keys: [page/1]\n  where:"), with("  prefixes: [\"page/\"]", "  keys-file: a.txt"),
				with("  where:", "  keys-file: \"-\"\n  where:"),
				with("  where:", "  keys-file: {path: /a b.x, format: nul}\n  where:"),
				withWhere("|\n    key == 'a'\n    && key != 'b'"), withWhere("\"key.matches('^a$')\""), store(JDBC),
				store(CLOUDFLARE + "  namespace: my cache\n"),
				store(CLOUDFLARE + "  namespace-id: ${ID}\n  base-url: http://localhost:8787/client/v4\n"),
				store(JDBC + "  password: ${PASSWORD}\n  username: me\n"),
				store(JDBC
						+ "  columns: [a, b]\n  allow: one\n  expiration: e\n  version: v\n  value: w\n  metadata: m\n"),
				store(JDBC.replace("table: t", "table: \"a$b${X}c\"")),
				with("tag: string", "tag: {type: list, default: [a, b], pattern: \"[a-z]\"}").replace("== params.tag",
						"in params.tag"),
				with("tag: string", "tag: {type: string, default: a}"),
				with("  tag: string\n", "  tag: string\n  a: int\n  b: duration\n  c: timestamp\n  d: list\n"),
				with("[\"page/\"]", "[\"{tag}/\", \"x{{\"]"),
				with("partitions: 2", "limits: {requests: 960 per 5m}\nrecheck: true"),
				with("partitions: 2", "limits:\n  requests: \"1 per 1h30m\"\nrecheck: false"),
				with("partitions: 2", "limits: {max-deletes: 200000, window: \"01:00-06:00 Europe/Berlin\"}"),
				with("partitions: 2", "limits: {keys-per-second: 5000}"),
				with("partitions: 2", "limits: {max-fraction: 0.25, max-growth: 3}"),
				with("partitions: 2", "limits: {max-fraction: 1, max-growth: 1.5}"),
				with("partitions: 2", "verify: true"), with("partitions: 2", "approval: required\nplan-valid-for: 90m"),
				with("partitions: 2", "plan-valid-for: \"1d12h\""),
				with("  where:", "  split-by: \"0123456789abcdef\"\n  where:"),
				with("  where:", "  split-by: \"-az_\"\n  where:"),
				with("  where:", "  split-by: -az-\n  where:").replace("-az-", "\"az{}-\""));
	}

	static Stream<String> bad() {
		return Stream.of("[a]", "hello", "{}", with("version: 1\n", ""), with("version: 1", "version: 2"),
				with("version: 1", "version: \"1\""), with("name: demo\n", ""), with("name: demo", "name: 123"),
				with("name: demo", "name: Demo"), with("name: demo", "name: [a]"), with("name: demo", "name: on"),
				with("partitions: 2", "partitions: 0"), with("partitions: 2", "partitions: 257"),
				with("partitions: 2", "partitions: \"2\""), with("partitions: 2", "partitions: 1.5"),
				with("partitions: 2", "limits: {keys-per-second: 0}"),
				with("partitions: 2", "limits: {keys-per-second: 1000001}"),
				with("partitions: 2", "limits: {keys-per-second: 5k}"),
				with("partitions: 2", "limits: {max-deletes: 0}"),
				with("partitions: 2", "limits: {max-deletes: \"5\"}"),
				with("partitions: 2", "limits: {max-fraction: 0}"),
				with("partitions: 2", "limits: {max-fraction: 1.1}"),
				with("partitions: 2", "limits: {max-fraction: \"0.5\"}"),
				with("partitions: 2", "limits: {max-growth: 1}"), with("partitions: 2", "limits: {max-growth: many}"),
				with("partitions: 2", "limits: {window: \"01:00-06:00\"}"),
				with("partitions: 2", "limits: {window: \"1:00-6:00 UTC\"}"),
				with("partitions: 2", "limits: {requests: 5}"), with("partitions: 2", "limits: {requests: 0 per 5m}"),
				with("partitions: 2", "limits: {requests: 960 per }"), with("partitions: 2", "limits: 960 per 5m"),
				with("partitions: 2", "limits: {requests: [1 per 5m]}"), with("partitions: 2", "limits: {request: 1}"),
				with("partitions: 2", "verify: 1"), with("partitions: 2", "approval: none"),
				with("partitions: 2", "approval: true"), with("partitions: 2", "plan-valid-for: 90"),
				with("partitions: 2", "plan-valid-for: soon"), with("partitions: 2", "plan-valid-for: [1h]"),
				with("partitions: 2", "recheck: \"true\""), with("partitions: 2", "recheck: 1"),
				with("partitions: 2", "recheck: [true]"), with("  where:", "  split-by: 0123\n  where:"),
				with("  where:", "  split-by: \"\"\n  where:"), with("  where:", "  split-by: [a]\n  where:"),
				with("  where:", "  split-by: \"a-z\"\n  where:"), with("  where:", "  split-by: \"${X}\"\n  where:"),
				with("partitions: 2", "split-by: abc"), with("keep:", "keap:"),
				with("  where:", "  keys: []\n  where:"), with("  where:", "  keys: a\n  where:"),
				with("  where:", "  keys: [\"\"]\n  where:"), with("  where:", "  keys: [5]\n  where:"),
				with("  where:", "  keys-file: \"\"\n  where:"), with("  where:", "  keys-file: [a]\n  where:"),
				with("  where:", "  keys-file: \"${X}\"\n  where:"),
				with("  where:", "  keys-file: {format: text}\n  where:"),
				with("  where:", "  keys-file: {path: a, format: csv}\n  where:"),
				with("  where:", "  keys-file: {path: a, kind: b}\n  where:"),
				with("  where:", "  keys-file: a\n  keys: [b]\n  where:"),
				with("  where:", "  keys-file: a\n  split-by: ab\n  where:"),
				with("  where:", "  keys: [a]\n  split-by: ab\n  where:"), with("prefixes:", "prefix:"),
				with("where:", "were:"), withWhere("true"), withWhere("\"\""), withWhere("\" \""), withWhere("[all]"),
				withWhere("\"key == '${X}'\""), with("[\"page/\"]", "[]"), with("[\"page/\"]", "page/"),
				with("[\"page/\"]", "[5]"), with("[\"page/\"]", "[\"${X}/\"]"), with("keep:", "keep: []\nx:"),
				store("  type: redis\n  uri: x\n"), store("  type: cloudflare\n  namespace: x\n"),
				store(CLOUDFLARE.replace("${TOKEN}", "hunter2")), store(CLOUDFLARE + "  url: x\n"),
				store("  type: memory\n"), store("  type: memory\n  name: a\n  url: b\n"), store("  name: a\n"),
				store("  type: memory\n  name: 5\n"), store("  type: memory\n  name: \"\"\n"),
				store(JDBC + "  password: hunter2\n"), store(JDBC + "  password: x${PW}\n"),
				store(JDBC + "  username: ${1X}\n"), store(JDBC + "  columns: [5]\n"),
				store(JDBC.replace("  key: k\n", "")), with("store:", "store: memory\nx:"),
				with("tag: string", "tag: strng"), with("tag: string", "tag: {type: bool}"),
				with("tag: string", "tag: {default: a}"), with("tag: string", "tag: {type: string, defualt: a}"),
				with("tag: string", "tag: {type: string, default: \"\"}"),
				with("tag: string", "tag: {type: string, default: []}"),
				with("tag: string", "tag: {type: string, default: 5}"),
				with("tag: string", "tag: string\n  a-b: string"),
				with("parameters:\n  tag: string", "parameters: [tag]"));
	}

	@ParameterizedTest
	@MethodSource("good")
	void bothTakeWhatIsGood(String text) {
		assertThat(problems(text)).isEmpty();
		assertThat(errors(text)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("bad")
	void bothRefuseWhatIsBad(String text) {
		assertThat(problems(text)).isNotEmpty();
		assertThat(errors(text)).isNotEmpty();
	}

	@Test
	void bothTakeEveryDefinitionInJobs() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("jobs"))) {
			List<Path> definitions = files.filter((file) -> file.toString().endsWith(".yaml")).toList();
			assertThat(definitions).isNotEmpty();
			for (Path file : definitions) {
				assertThat(errors(Files.readString(file))).as(file.toString()).isEmpty();
				assertThat(problems(() -> new DefinitionReader().read(file))).as(file.toString()).isEmpty();
			}
		}
	}

	@Test
	void theSchemaIsOfTheDraftThatItNames() {
		assertThat(TREE.get("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
		assertThat(TREE.get("title").asString()).isNotBlank();
	}

	@Test
	void knowsTheFieldsThatTheReaderKnows() {
		assertThat(names(TREE.get("properties"))).containsExactlyInAnyOrderElementsOf(DefinitionReader.FIELDS);
		JsonNode select = TREE.at("/properties/select");
		assertThat(names(select.get("properties"))).containsExactlyInAnyOrderElementsOf(SelectSection.FIELDS);
		assertThat(names(TREE.at("/properties/limits/properties")))
			.containsExactlyInAnyOrderElementsOf(LimitsSection.FIELDS);
		assertThat(names(TREE.at("/properties/backup/oneOf/1/properties")))
			.containsExactlyInAnyOrderElementsOf(BackupSection.FIELDS);
		assertThat(names(TREE.at("/$defs/parameter/properties")))
			.containsExactlyInAnyOrderElementsOf(DefinitionReader.PARAMETER_FIELDS);
		assertThat(texts(TREE.at("/$defs/parameterType/enum")))
			.containsExactlyInAnyOrderElementsOf(Stream.of(ParameterType.values()).map(Object::toString).toList());
	}

	@Test
	void knowsTheLimitsThatTheReaderKnows() {
		assertThat(TREE.at("/properties/name/pattern").asString()).isEqualTo("^" + DefinitionReader.NAME + "$");
		assertThat(TREE.at("/properties/parameters/propertyNames/pattern").asString())
			.isEqualTo("^" + DefinitionReader.PARAMETER_NAME + "$");
		assertThat(TREE.at("/properties/partitions/maximum").asInt()).isEqualTo(Partitioning.MOST);
		assertThat(TREE.at("/properties/partitions/default").asInt()).isEqualTo(new Partitioning(null, false).ranges());
		assertThat(TREE.at("/$defs/secret/pattern").asString()).isEqualTo("^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$");
	}

	@Test
	void knowsTheStoresAndTheirOptions() {
		Map<String, StoreType> types = StoreTypes.load().byName();
		List<String> described = new ArrayList<>();
		for (JsonNode reference : TREE.at("/properties/store/oneOf")) {
			JsonNode section = TREE.at(reference.get("$ref").asString().substring(1));
			String name = section.at("/properties/type/const").asString();
			described.add(name);
			assertThat(types).containsKey(name);
			check(section, types.get(name));
		}
		assertThat(described).containsExactlyInAnyOrderElementsOf(types.keySet());
	}

	private static void check(JsonNode section, StoreType type) {
		List<String> known = new ArrayList<>(List.of("type"));
		List<String> required = new ArrayList<>(List.of("type"));
		for (StoreOption option : type.options()) {
			known.add(option.name());
			if (option.required()) {
				required.add(option.name());
			}
			String shape = switch (option.kind()) {
				case TEXT -> option.secret() ? "#/$defs/secret" : "#/$defs/text";
				case LIST -> "#/$defs/texts";
				case NUMBER -> "integer";
				case DURATION -> "string";
				case FLAG -> "boolean";
			};
			JsonNode property = section.at("/properties/" + option.name());
			assertThat(property.path(shape.startsWith("#") ? "$ref" : "type").asString()).as(option.name())
				.isEqualTo(shape);
			assertThat(section.at("/properties/" + option.name() + "/description").asString()).as(option.name())
				.isNotBlank();
		}
		assertThat(names(section.get("properties"))).containsExactlyInAnyOrderElementsOf(known);
		assertThat(texts(section.get("required"))).containsExactlyInAnyOrderElementsOf(required);
	}

	@Test
	void everyFieldIsDescribedAndNoOtherIsAllowed() {
		for (String place : List.of("", "/properties/select", "/properties/limits", "/$defs/parameter",
				"/$defs/jdbcStore", "/$defs/cloudflareStore", "/$defs/memoryStore")) {
			assertThat(TREE.at(place).get("additionalProperties").asBoolean()).as(place).isFalse();
		}
		TREE.get("properties")
			.properties()
			.stream()
			.filter((field) -> !field.getKey().equals("version"))
			.forEach((field) -> assertThat(field.getValue().get("description").asString()).isNotBlank());
	}

	private static List<String> names(JsonNode object) {
		return List.copyOf(object.propertyNames());
	}

	private static List<String> texts(JsonNode array) {
		return array.valueStream().map(JsonNode::asString).toList();
	}

}
