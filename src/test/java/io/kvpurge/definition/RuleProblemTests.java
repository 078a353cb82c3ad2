package io.kvpurge.definition;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static io.kvpurge.definition.DefinitionTexts.withWhere;
import static org.assertj.core.api.Assertions.assertThat;

/** Where a rule's mistakes are found. */
class RuleProblemTests {

	@Test
	void readsTheRuleForEveryKey() {
		assertThat(read(withWhere("all")).where().isAll()).isTrue();
	}

	@Test
	void refusesAMissingRule() {
		assertThat(problems(with("  where: \"metadata.tag == params.tag\"\n", "")))
			.containsExactly("a.yaml:9: field 'select.where' is missing; for every key, write: all");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\"", "\"  \"", "''" })
	void refusesAnEmptyRule(String rule) {
		assertThat(problems(withWhere(rule)))
			.containsExactly("a.yaml:10: 'select.where': the rule is empty; for every key, write: all");
	}

	@Test
	void refusesASyntaxError() {
		assertThat(problems(withWhere("\"key ==\""))).singleElement()
			.asString()
			.startsWith("a.yaml:10: 'select.where': column 7 of the rule: ");
	}

	@Test
	void refusesATypeError() {
		assertThat(problems(withWhere("\"key > 5\""))).singleElement()
			.asString()
			.startsWith("a.yaml:10: 'select.where': column 5 of the rule: found no matching overload");
	}

	@Test
	void refusesARuleThatIsNoCondition() {
		assertThat(problems(withWhere("key"))).singleElement()
			.asString()
			.startsWith("a.yaml:10: 'select.where': column 1 of the rule: the rule is no condition: ");
	}

	@Test
	void refusesAnUnknownVariable() {
		assertThat(problems(withWhere("kee == 'a'"))).singleElement()
			.asString()
			.startsWith("a.yaml:10: 'select.where': column 1 of the rule: undeclared reference to 'kee'");
	}

	@Test
	void refusesAnUndeclaredParameter() {
		assertThat(problems(withWhere("key == params.tga"))).singleElement()
			.asString()
			.matches("a\\.yaml:10: 'select\\.where': column \\d+ of the rule: undeclared parameter 'tga': "
					+ "declare it under 'parameters'");
	}

	@Test
	void refusesAMistakeInKeep() {
		assertThat(problems(with("keep: \"metadata.field('pinned') == true\"", "keep: \"kee == 'a'\""))).singleElement()
			.asString()
			.startsWith("a.yaml:11: 'keep': column 1 of the rule: undeclared reference to 'kee'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "|\n    key == 'a'\n    && kee == 'b'\n    && key == 'c'",
			">\n    key == 'a'\n    && kee == 'b'\n    && key == 'c'",
			">-\n    key == 'a'\n    && kee == 'b'\n    && key == 'c'" })
	void namesTheLineOfAMistakeInABlock(String rule) {
		assertThat(problems(withWhere(rule))).singleElement()
			.asString()
			.startsWith("a.yaml:12: 'select.where': column ")
			.contains("undeclared reference to 'kee'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "key == 'a'\n    && kee == 'b'\n    && key == 'c'",
			"\"key == 'a'\n    && kee == 'b'\n    && key == 'c'\"" })
	void namesTheLineOfAMistakeInLinesThatYamlJoins(String rule) {
		assertThat(problems(withWhere(rule))).singleElement()
			.asString()
			.startsWith("a.yaml:11: 'select.where': column ")
			.contains("undeclared reference to 'kee'");
	}

	@Test
	void namesTheLineBehindEmptyLinesOfABlock() {
		assertThat(problems(withWhere("|\n\n    key == 'a'\n\n    && kee == 'b'"))).singleElement()
			.asString()
			.startsWith("a.yaml:14: 'select.where': column ");
	}

	@Test
	void namesTheLineOfAMistakeInABlockAtTheEndOfTheFile() {
		String text = with("partitions: 2\n", "").replace("keep: \"metadata.field('pinned') == true\"\n",
				"keep: >\n  key == 'a' ||\n  kee == 'b'");
		assertThat(problems(text)).singleElement().asString().startsWith("a.yaml:13: 'keep': column ");
	}

}
