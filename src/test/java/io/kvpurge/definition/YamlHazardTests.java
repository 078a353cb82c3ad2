package io.kvpurge.definition;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static io.kvpurge.definition.DefinitionTexts.withWhere;
import static org.assertj.core.api.Assertions.assertThat;

/** What YAML would quietly take for something else than was meant. */
class YamlHazardTests {

	@Test
	void refusesACommentBehindARuleWithoutQuotes() {
		assertThat(problems(withWhere("metadata.tag == 'a' # && metadata.old == true"))).containsExactly(
				"a.yaml:10: 'select.where' is not in quotes and a comment follows: put the rule in quotes, so that nothing of it is dropped");
	}

	@Test
	void refusesACommentBehindAKeepWithoutQuotes() {
		assertThat(problems(with("keep: \"metadata.field('pinned') == true\"", "keep: true # || false"))).hasSize(1);
		assertThat(problems(with("keep: \"metadata.field('pinned') == true\"", "keep: key == 'a' # || b")))
			.containsExactly(
					"a.yaml:11: 'keep' is not in quotes and a comment follows: put the rule in quotes, so that nothing of it is dropped");
	}

	@Test
	void allowsACommentBehindARuleInQuotes() {
		assertThat(read(withWhere("\"metadata.tag == params.tag\" # as given")).where().text())
			.isEqualTo("metadata.tag == params.tag");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[page/ #1\n  ]", "\n  - page/ #1" })
	void refusesACommentBehindAPrefixWithoutQuotes(String prefixes) {
		assertThat(problems(with("[\"page/\"]", prefixes))).singleElement()
			.asString()
			.endsWith(
					"'select.prefixes': 'page/' is not in quotes and a comment follows: put the prefix in quotes, so that nothing of it is dropped");
	}

	@Test
	void refusesACommentThatIsAllThatAListHolds() {
		assertThat(problems(with("[\"page/\"]", "[ # none yet\n  ]")))
			.containsExactly("a.yaml: not YAML: a comment stands alone within [ ]: put it before them");
	}

	@Test
	void saysInOneLineWhatIsWrongWithSeveral() {
		assertThat(problems(with("partitions: 2", "partitions: |\n  2\n  3")))
			.containsExactly("a.yaml:12: 'partitions' is '2 3 ' in quotes: expected a whole number from 1 to 256");
	}

	@Test
	void refusesARuleThatIsTakenForATag() {
		assertThat(problems(withWhere("!has(metadata.tag)")))
			.containsExactly("a.yaml:10: '!has(metadata.tag)' is taken for a YAML tag: put the text in quotes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "!!binary \"ZGVtbw==\"", "!!binary demo", "!!set {a}", "!!int \"5\"", "!name demo" })
	void refusesTags(String value) {
		assertThat(problems(with("name: demo", "name: " + value))).singleElement()
			.asString()
			.startsWith("a.yaml:2: '")
			.endsWith("is taken for a YAML tag: put the text in quotes");
	}

	@Test
	void refusesAnchorsAndAliases() {
		assertThat(problems(with("name: tests", "name: &it tests").replace("name: demo", "name: demo")))
			.containsExactly("a.yaml:5: YAML anchors and aliases are not allowed: write 'it' out");
	}

	@Test
	void refusesAnchorsWithoutEnd() {
		assertThat(problems("a: &loop [*loop]\n"))
			.containsExactly("a.yaml:1: YAML anchors and aliases are not allowed: write 'loop' out");
	}

	@Test
	void refusesMergeKeys() {
		assertThat(problems(with("  name: tests", "  <<: {name: tests}")))
			.contains("a.yaml:5: unknown field '<<': expected name, type", "a.yaml:4: field 'store.name' is missing");
	}

	@Test
	void refusesFieldsWithoutAName() {
		assertThat(problems(with("partitions: 2", "? [a]\n: b")))
			.containsExactly("a.yaml:12: a field's name is expected here");
	}

	@Test
	void refusesARuleThatIsTakenForATruthValue() {
		assertThat(problems(withWhere("true"))).containsExactly(
				"a.yaml:10: 'select.where' is taken for a truth value: put true in quotes if it is a text");
	}

	@ParameterizedTest
	@ValueSource(strings = { ">\n    key == 'a' // only this\n      && false", "key == 'a' // only this\n    && false",
			"\"key == 'a' // only this\n    && false\"" })
	void refusesARuleWhoseEndWouldBeHiddenByItsOwnComment(String rule) {
		assertThat(problems(withWhere(rule))).singleElement()
			.asString()
			.endsWith(
					"'select.where' has '//' in lines that YAML joins, which may hide the rest of the rule: begin it with '|'");
	}

	@Test
	void allowsCommentsInARuleThatKeepsItsLines() {
		assertThat(read(withWhere("|\n    key == 'a' // only this\n      && false")).where().parsed())
			.isEqualTo("key == \"a\" && false");
	}

	@ParameterizedTest
	@ValueSource(strings = { "prefixes: [\"${HOME}/\"]", "prefixes: [\"a/\", \"${X}\"]" })
	void refusesPlaceholdersInPrefixes(String prefixes) {
		assertThat(problems(with("prefixes: [\"page/\"]", prefixes))).singleElement()
			.asString()
			.matches("a\\.yaml:9: 'select\\.prefixes' has \\$\\{(HOME|X)}: placeholders stand under 'store' only");
	}

	@Test
	void refusesPlaceholdersInRulesAndDefaults() {
		String text = withWhere("\"key == '${KEY}'\"").replace("tag: string",
				"tag: {type: string, default: \"${TAG}\"}");
		assertThat(problems(text)).containsExactly(
				"a.yaml:7: 'parameters.tag.default' has ${TAG}: placeholders stand under 'store' only",
				"a.yaml:10: 'select.where' has ${KEY}: placeholders stand under 'store' only");
	}

}
