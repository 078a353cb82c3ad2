package io.kvpurge.definition;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.store.Key;

import static io.kvpurge.definition.DefinitionTexts.bind;
import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static org.assertj.core.api.Assertions.assertThat;

class PrefixTests {

	private static String prefixes(String list) {
		return with("[\"page/\"]", list);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			[]                     | 'select.prefixes' is empty; for every key, write: [""]
			page/                  | 'select.prefixes' is one value: expected a list, such as ["a/", "b/"]
			~                      | 'select.prefixes' has no value
			[5]                    | 'select.prefixes' is taken for a number: put 5 in quotes if it is a text
			[[a]]                  | 'select.prefixes' is a list: expected one text
			{a: b}                 | 'select.prefixes' is a section: expected one text
			["a/", "b/", "a/c"]    | prefixes overlap: 'a/c' begins with 'a/'
			["a", "a"]             | prefixes overlap: 'a' begins with 'a'
			["", "a"]              | prefixes overlap: 'a' begins with ''
			["{tga}/"]             | 'select.prefixes': '{tga}' names no parameter; for a brace in a key, write it twice
			["a{b"]                | 'select.prefixes': '{' stands alone; for a brace in a key, write it twice
			["a}b"]                | 'select.prefixes': '}' stands alone; for a brace in a key, write it twice
			["{tag}}"]             | 'select.prefixes': '}' stands alone; for a brace in a key, write it twice
			""", quoteCharacter = '`')
	void namesWhatIsWrong(String list, String problem) {
		assertThat(problems(prefixes(list))).containsExactly("a.yaml:9: " + problem);
	}

	@Test
	void refusesMissingPrefixes() {
		assertThat(problems(with("  prefixes: [\"page/\"]\n", "")))
			.containsExactly("a.yaml:9: field 'select.prefixes' is missing; for every key, write: [\"\"]");
	}

	@Test
	void insertsOnlyTextsAndNumbers() {
		assertThat(problems(prefixes("[\"{tag}/\"]").replace("tag: string", "tag: list")))
			.contains("a.yaml:9: 'select.prefixes': '{tag}' is a list: only a string or an int can stand in a prefix");
	}

	@Test
	void insertsParametersAndBraces() {
		String text = prefixes("[\"{{x}}/{tag}/{n}{{\", \"b/\"]").replace("tag: string", "tag: string\n  n: int");
		assertThat(bind(text, Map.of("tag", List.of("a$1\\{tag}"), "n", List.of("7"))).prefixes())
			.containsExactly(Key.of("b/"), Key.of("{x}/a$1\\{tag}/7{"));
	}

	@Test
	void refusesPrefixesThatOverlapOnceParametersAreInserted() {
		String text = prefixes("[\"{tag}/\", \"b/c\"]");
		assertThat(problems(() -> bind(text, Map.of("tag", List.of("b")))))
			.containsExactly("a.yaml: prefixes overlap: 'b/c' begins with 'b/'");
	}

	@Test
	void takesTheEmptyPrefixForEveryKey() {
		assertThat(read(prefixes("[\"\"]")).prefixes()).containsExactly("");
	}

}
