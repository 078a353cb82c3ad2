package io.kvpurge.definition;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.KeyValueStore;

import static io.kvpurge.definition.DefinitionTexts.GOOD;
import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class StoreDefinitionTests {

	private static final String JDBC = with("  type: memory\n  name: tests\n", """
			  type: jdbc
			  url: jdbc:h2:file:${DIR}/${NAME}
			  username: me
			  password: ${PASSWORD}
			  table: t
			  key: k
			""");

	@TempDir
	Path folder;

	@Test
	void opensTheStoreWithValuesOfTheEnvironment() {
		StoreDefinition store = read(with("name: tests", "name: a-${X}${Y}")).store();
		try (KeyValueStore opened = store.open(Map.of("X", "1", "Y", "$2\\")::get)) {
			assertThat(opened.identity()).isEqualTo("memory:a-1$2\\");
		}
	}

	@Test
	void namesEveryVariableThatIsNotSetAndWhereItStands() {
		assertThat(problems(() -> read(JDBC).store().open(Map.of("DIR", "x")::get))).containsExactly(
				"a.yaml:5: environment variable NAME is not set (store.url)",
				"a.yaml:7: environment variable PASSWORD is not set (store.password)");
	}

	@Test
	void isReadWithoutTheEnvironment() {
		assertThat(read(JDBC).store().publicValues()).doesNotContainKey("password")
			.containsEntry("url", List.of("jdbc:h2:file:${DIR}/${NAME}"));
	}

	@Test
	void saysNoSecretWhenItCannotBeOpened() {
		// The password is also part of the path, which the message names.
		Map<String, String> environment = Map.of("DIR", this.folder.toString(), "NAME", "hunter22", "PASSWORD",
				"hunter22");
		Throwable failure = catchThrowable(() -> read(JDBC).store().open(environment::get));
		assertThat(failure).isInstanceOf(InvalidStoreException.class)
			.hasMessageContaining("there is no database at jdbc:h2:file:" + this.folder + "/***")
			.hasNoCause();
		assertThat(failure.getMessage()).doesNotContain("hunter22");
	}

	@Test
	void isNoPlaceForValues() {
		assertThat(read(GOOD).store().toString()).doesNotContain("tests");
	}

}
