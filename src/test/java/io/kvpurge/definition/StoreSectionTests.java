package io.kvpurge.definition;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.with;
import static org.assertj.core.api.Assertions.assertThat;

/** What may stand under {@code store}. */
class StoreSectionTests {

	private static final String JDBC = "  type: jdbc\n  url: jdbc:h2:file:${DIR}/x\n  table: t\n  key: k\n";

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			memroy     | unknown store type 'memroy', did you mean 'memory'?
			jdbcc      | unknown store type 'jdbcc', did you mean 'jdbc'?
			JDBC       | unknown store type 'JDBC', did you mean 'jdbc'?
			s3         | unknown store type 's3': expected cloudflare, jdbc, memory, redis
			""")
	void refusesTypesThatItDoesNotHave(String type, String problem) {
		assertThat(problems(with("type: memory", "type: " + type))).containsExactly("a.yaml:4: " + problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					'  type: jdbc\n'   | ''                  | a.yaml:4: field 'store.type' is missing: one of cloudflare, jdbc, memory, redis
					'  url:'           | '  ulr:'            | a.yaml:5: unknown field 'ulr', did you mean 'url'?
					'  table: t\n'     | ''                  | a.yaml:4: field 'store.table' is missing
					'table: t'         | 'table: ""'         | a.yaml:6: 'store.table' is empty
					'table: t'         | 'table: [t]'        | a.yaml:6: 'store.table' is a list: expected one text
					'table: t'         | 'table: 5'          | a.yaml:6: 'store.table' is taken for a number: put 5 in quotes if it is a text
					'table: t'         | 'table: ${1X}'      | a.yaml:6: 'store.table' has a placeholder that cannot be read: expected ${NAME}
					'table: t'         | 'table: a${X'       | a.yaml:6: 'store.table' has a placeholder that cannot be read: expected ${NAME}
					'table: t'         | 'table: t\n  columns: [a, ""]' | a.yaml:7: 'store.columns' is empty
					'table: t'         | 'table: t\n  password: hunter2' | a.yaml:7: 'store.password' is a secret: only ${NAME}, a variable of the environment, may stand here
					'table: t'         | 'table: t\n  password: x${PW}'  | a.yaml:7: 'store.password' is a secret: only ${NAME}, a variable of the environment, may stand here
					'url: jdbc:h2:file:${DIR}/x' | 'url: jdbc:postgresql://me:hunter2@db/shop' | a.yaml:5: 'store.url' has a password in it: give it under 'password', as ${NAME}
					'url: jdbc:h2:file:${DIR}/x' | 'url: jdbc:postgresql://db/shop?user=me&password=hunter2' | a.yaml:5: 'store.url' has a password in it: give it under 'password', as ${NAME}
					'url: jdbc:h2:file:${DIR}/x' | 'url: jdbc:h2:tcp://db/shop;PASSWORD=${PW}' | a.yaml:5: 'store.url' has a password in it: give it under 'password', as ${NAME}

					""")
	void namesWhatIsWrongWithAnOption(String piece, String replacement, String problem) {
		String store = JDBC.replace(piece.replace("\\n", "\n"), replacement.replace("\\n", "\n"));
		assertThat(store).isNotEqualTo(JDBC);
		assertThat(problems(with("  type: memory\n  name: tests\n", store))).contains(problem);
	}

	@ParameterizedTest
	@CsvSource({ "hunter2", "x${PW}" })
	void doesNotRepeatASecretThatStandsThereInPlain(String password) {
		assertThat(problems(with("  type: memory\n  name: tests\n", JDBC + "  password: " + password + "\n")))
			.singleElement()
			.asString()
			.doesNotContain("hunter2", "x$");
	}

}
