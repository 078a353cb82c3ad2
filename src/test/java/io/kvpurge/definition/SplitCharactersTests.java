package io.kvpurge.definition;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.store.Key;

import static io.kvpurge.definition.DefinitionTexts.GOOD;
import static io.kvpurge.definition.DefinitionTexts.bind;
import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static org.assertj.core.api.Assertions.assertThat;

/** {@code select.split-by}. */
class SplitCharactersTests {

	private static final Map<String, List<String>> TAG = Map.of("tag", List.of("t"));

	private static String splitBy(String value) {
		return with("  where:", "  split-by: " + value + "\n  where:");
	}

	private static List<String> prefixes(String text) {
		return bind(text, TAG).prefixes().stream().map(Key::text).toList();
	}

	@Test
	void eachPrefixIsDividedByEachCharacter() {
		String text = splitBy("\"10a\"").replace("[\"page/\"]", "[\"{tag}/\", \"b/\"]");
		assertThat(prefixes(text)).containsExactly("b/0", "b/1", "b/a", "t/0", "t/1", "t/a");
		assertThat(read(text).prefixes()).containsExactly("{tag}/", "b/");
		assertThat(read(text).splitBy()).isEqualTo("10a");
	}

	@Test
	void everyKeyMayBeDividedToo() {
		assertThat(prefixes(splitBy("\"ab\"").replace("[\"page/\"]", "[\"\"]"))).containsExactly("a", "b");
	}

	@Test
	void nothingIsDividedWhereNothingIsSaid() {
		assertThat(read(GOOD).splitBy()).isNull();
		assertThat(prefixes(GOOD)).containsExactly("page/");
	}

	@Test
	void charactersAreCodePointsAndNoTemplates() {
		assertThat(prefixes(splitBy("\"\uD83D\uDE00\uD83D\uDE01{}\""))).containsExactly("page/{", "page/}",
				"page/\uD83D\uDE00", "page/\uD83D\uDE01");
		assertThat(prefixes(splitBy("\"-a\""))).containsExactly("page/-", "page/a");
		assertThat(prefixes(splitBy("\"a-\""))).containsExactly("page/-", "page/a");
		assertThat(prefixes(splitBy("\"-\""))).containsExactly("page/-");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			""            | is empty: write each character that may follow a prefix
			"abca"        | has 'a' twice
			"a-z"         | is 'a-z', which is no range: write each character out; '-' itself goes first or last
			"--"          | has '-' twice
			"a\\uD83D"    | holds an unpaired surrogate
			"\\uDE00\\uD83D" | holds an unpaired surrogate
			0123          | is taken for a number: put 0123 in quotes if it is a text
			1_234.5       | is taken for a number: put 1_234.5 in quotes if it is a text
			[a, b]        | is a list: expected one text
			~             | has no value
			abc # letters | is not in quotes and a comment follows: put it in quotes, so that nothing of it is dropped
			""", quoteCharacter = '`')
	void namesWhatIsWrong(String value, String problem) {
		assertThat(problems(splitBy(value))).containsExactly("a.yaml:10: 'select.split-by' " + problem);
	}

	@Test
	void hasNoPlaceholders() {
		assertThat(problems(splitBy("\"${X}\"")))
			.containsExactly("a.yaml:10: 'select.split-by' has ${X}: placeholders stand under 'store' only");
	}

	@Test
	void makesTenThousandRangesAtMost() {
		String hundred = IntStream.range(0x4e00, 0x4e00 + 100)
			.mapToObj(Character::toString)
			.collect(Collectors.joining());
		String allowed = IntStream.range(0, 100).mapToObj((i) -> "\"" + (100 + i) + "\"").toList().toString();
		String more = allowed.replace("]", ", \"x\"]");
		String text = splitBy("\"" + hundred + "\"");
		assertThat(prefixes(text.replace("[\"page/\"]", allowed))).hasSize(10_000);
		assertThat(problems(text.replace("[\"page/\"]", more))).containsExactly(
				"a.yaml:10: 'select.split-by' makes 10,100 ranges of 101 prefixes: at most 10,000 are allowed");
	}

}
