package io.kvpurge.definition;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.kvpurge.definition.DefinitionTexts.GOOD;
import static io.kvpurge.definition.DefinitionTexts.bind;
import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static org.assertj.core.api.Assertions.assertThat;

class ParameterTests {

	private static final String ALL_TYPES = with("  tag: string\n", """
			  tag: string
			  number: int
			  age: duration
			  since: timestamp
			  names: list
			""");

	private static List<String> bindingProblems(String declaration, String... values) {
		return problems(() -> bind(with("tag: string", "tag: " + declaration), Map.of("tag", List.of(values))));
	}

	@Test
	void givesEachValueItsType() {
		BoundDefinition bound = bind(ALL_TYPES, Map.of("tag", List.of("a"), "number", List.of("-3"), "age",
				List.of("1d12h"), "since", List.of("2026-01-31T00:00:00Z"), "names", List.of("x", "y")));
		assertThat(bound.parameters()).isEqualTo(Map.of("tag", "a", "number", -3L, "age", Duration.ofHours(36), "since",
				Instant.parse("2026-01-31T00:00:00Z"), "names", List.of("x", "y")));
	}

	@Test
	void refusesWhatIsNotDeclared() {
		assertThat(problems(() -> bind(GOOD, Map.of("tga", List.of("a"))))).containsExactly(
				"a.yaml: unknown parameter 'tga', did you mean 'tag'?",
				"a.yaml: parameter 'tag' is missing: give it with -p tag=VALUE");
	}

	@Test
	void refusesAnyParameterWhereNoneIsDeclared() {
		String text = with("parameters:\n  tag: string\n", "").replace("params.tag", "'a'");
		assertThat(problems(() -> bind(text, Map.of("tag", List.of("a")))))
			.containsExactly("a.yaml: unknown parameter 'tag': none is declared");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			string    | ''       | is empty: expected a text
			int       | seven    | is 'seven': expected a whole number
			int       | 99999999999999999999 | is '99999999999999999999': expected a whole number
			duration  | 7 days   | is '7 days': expected a duration such as 30d, 12h or PT1H
			timestamp | today    | is 'today': expected a time such as 2026-01-31T00:00:00Z
			list      | ''       | is empty: expected one or more texts
			{type: string, pattern: "[a-z]+"} | a1 | is 'a1': expected a text that matches [a-z]+
			""", quoteCharacter = '\'')
	void namesWhatIsWrongWithAValue(String declaration, String value, String problem) {
		assertThat(bindingProblems(declaration, value)).contains("a.yaml: parameter 'tag' " + problem);
	}

	@Test
	void refusesSeveralValuesForOne() {
		assertThat(bindingProblems("string", "a", "b"))
			.containsExactly("a.yaml: parameter 'tag' is given 2 times: expected a text");
	}

	@Test
	void takesTheDefaultWhereNoneIsGiven() {
		String text = with("tag: string", "tag: {type: list, default: [a, b]}").replace("== params.tag",
				"in params.tag");
		assertThat(bind(text, Map.of()).parameters()).isEqualTo(Map.of("tag", List.of("a", "b")));
		assertThat(bind(text, Map.of("tag", List.of("c"))).parameters()).isEqualTo(Map.of("tag", List.of("c")));
	}

	@Test
	void matchesAPatternAsAWhole() {
		assertThat(bind(with("tag: string", "tag: {type: string, pattern: \"a|bc\"}"), Map.of("tag", List.of("bc")))
			.parameters()).containsEntry("tag", "bc");
		assertThat(bindingProblems("{type: string, pattern: \"a|bc\"}", "ac")).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					strng | unknown parameter type 'strng', did you mean 'string'?
					{type: bool} | unknown parameter type 'bool': expected duration, int, list, string, timestamp
					{default: a} | field 'parameters.tag.type' is missing
					[string] | 'parameters.tag' is a list: expected one text
					{type: string, pattern: "("} | 'parameters.tag.pattern' is no RE2 pattern: missing closing )
					{type: string, pattern: "(?=a)"} | 'parameters.tag.pattern' is no RE2 pattern: invalid or unsupported Perl syntax
					{type: int, default: "x"} | 'parameters.tag.default' is 'x': expected a whole number
					{type: int, default: 5} | 'parameters.tag.default' is taken for a number: put 5 in quotes if it is a text
					{type: string, default: ""} | 'parameters.tag.default' is empty: expected a text
					{type: string, default: []} | 'parameters.tag.default' is empty: expected a text
					{type: string, default: "B", pattern: "[a-z]"} | 'parameters.tag.default' is 'B': expected a text that matches [a-z]
					""",
			quoteCharacter = '`')
	void namesWhatIsWrongWithADeclaration(String declaration, String problem) {
		assertThat(problems(with("tag: string", "tag: " + declaration))).contains("a.yaml:7: " + problem);
	}

	@Test
	void aBadDeclarationIsTheOnlyThingThatIsWrong() {
		assertThat(problems(with("tag: string", "tag: strng")))
			.containsExactly("a.yaml:7: unknown parameter type 'strng', did you mean 'string'?");
	}

	@Test
	void refusesANameThatNoRuleCouldSpell() {
		assertThat(problems(with("tag: string", "tag: string\n  a-b: string")))
			.containsExactly("a.yaml:8: parameter 'a-b' has no usable name: expected letters, digits and '_'");
	}

	@Test
	void bindsWhatItWroteDown() {
		BoundDefinition bound = bind(ALL_TYPES,
				Map.of("tag", List.of("a \"quoted\" \\ \uD83D\uDE00\n"), "number", List.of("7"), "age", List.of("1d"),
						"since", List.of("2026-01-31T00:00:00Z"), "names", List.of("x", "y,z")));
		assertThat(read(ALL_TYPES).bindJson(bound.parametersJson()).parameters()).isEqualTo(bound.parameters());
		assertThat(read(ALL_TYPES).bindJson(bound.parametersJson()).parametersJson()).isEqualTo(bound.parametersJson());
	}

	@Test
	void writesTheSameValuesDownInTheSameWayWhateverTheirOrder() {
		String text = with("tag: string", "tag: string\n  b: string");
		assertThat(bind(text, Map.of("tag", List.of("1"), "b", List.of("2"))).parametersJson())
			.isEqualTo("{\"b\":[\"2\"],\"tag\":[\"1\"]}");
	}

}
