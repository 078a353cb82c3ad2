package io.kvpurge.definition;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.kvpurge.definition.DefinitionTexts.read;
import static org.assertj.core.api.Assertions.assertThat;

class DefinitionDigestTests {

	private static final String TEXT = """
			version: 1
			name: demo
			store:
			  type: jdbc
			  url: jdbc:h2:file:${DIR}/x
			  username: me
			  password: ${PASSWORD}
			  table: t
			  key: k
			  columns: [a, b]
			parameters:
			  tag: string
			  day: {type: string, default: mon, pattern: "[a-z]+"}
			select:
			  prefixes: ["page/", "post/"]
			  where: "metadata.tag == params.tag && key != 'x'"
			keep: "metadata.field('pinned') == true"
			partitions: 2
			""";

	/** As it was before there were fields that only some definitions have. */
	private static final String FIRST_DIGEST = "1f73742010f1210c7a523171043edf9dcd7f4e31c5d6091a0e2f5a70859553dd";

	private static final String DIGEST = read(TEXT).digest();

	@Test
	void isWhatItWasBeforeThereWereOtherFields() {
		assertThat(DIGEST).isEqualTo(FIRST_DIGEST);
	}

	@Test
	void dependsOnTheCharactersThatKeysAreDividedBy() {
		PurgeDefinition one = read(changed("  where:", "  split-by: \"abc\"\n  where:"));
		assertThat(one.digest()).isNotEqualTo(DIGEST);
		assertThat(read(changed("  where:", "  split-by: \"abd\"\n  where:")).digest()).isNotEqualTo(one.digest());
		assertThat(read(changed("  where:", "  split-by: \"cab\"\n  where:")).digest()).isEqualTo(one.digest());
	}

	@Test
	void doesNotDependOnPaceAndCare() {
		assertThat(read(TEXT + "recheck: true\nlimits: {requests: 1 per 1s}\n").digest()).isEqualTo(DIGEST);
	}

	@Test
	void doesNotDependOnLayout() {
		String other = """
				# A comment.
				partitions: 2
				keep: >
				  metadata.field("pinned")
				    == true
				select: {where: 'metadata.tag==params.tag&&(key!="x")', prefixes: ["post/", 'page/']}
				"parameters":
				    day: {"pattern": '[a-z]+', default: [mon], type: string}
				    tag: {type: string}   # as given
				store: {key: k, table: t, columns: [a, b], password: "${PASSWORD}", username: me,
				  url: "jdbc:h2:file:${DIR}/x", type: jdbc}
				name: 'demo'
				version: 1
				""";
		assertThat(read(other).digest()).isEqualTo(DIGEST);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			partitions: 2            | partitions: 64
			password: ${PASSWORD}    | password: ${OTHER_PASSWORD}
			password: ${PASSWORD}    |
			""")
	void doesNotDependOnWhatDecidesNoKey(String piece, String replacement) {
		assertThat(read(changed(piece, replacement)).digest()).isEqualTo(DIGEST);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			name: demo               | name: other
			file:${DIR}/x            | file:${OTHER}/x
			username: me             | username: you
			table: t                 | table: u
			key: k                   | key: l
			[a, b]                   | [a]
			tag: string              | tag: {type: string, default: z}
			tag: string              | tag: {type: string, pattern: z}
			day: {type: string, default: mon | day: {type: string, default: tue
			"page/", "post/"         | "page/"
			"page/"                  | "pages/"
			params.tag &&            | params.day &&
			key != 'x'               | key != 'y'
			== true                  | == false
			keep:                    | #keep:
			""", quoteCharacter = '`')
	void dependsOnEverythingThatDecidesWhichKeysGo(String piece, String replacement) {
		assertThat(read(changed(piece, replacement)).digest()).isNotEqualTo(DIGEST);
	}

	private static String changed(String piece, String replacement) {
		assertThat(TEXT).contains(piece);
		return TEXT.replace(piece, (replacement != null) ? replacement : "").replace("\n  \n", "\n");
	}

}
