package io.kvpurge.ledger;

import java.util.Properties;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PostgresqlAddressTests {

	private static Properties credentials(@Nullable String user, @Nullable String password) {
		Properties credentials = new Properties();
		if (user != null) {
			credentials.setProperty("user", user);
		}
		if (password != null) {
			credentials.setProperty("password", password);
		}
		return credentials;
	}

	@Test
	void aJdbcUrlStaysAsItIs() {
		PostgresqlAddress address = PostgresqlAddress.of("jdbc:postgresql://db/kvpurge?ssl=true", "jane", "s3cret");
		assertThat(address.url()).isEqualTo("jdbc:postgresql://db/kvpurge?ssl=true");
		assertThat(address.credentials()).isEqualTo(credentials("jane", "s3cret"));
		assertThat(address).hasToString("jdbc:postgresql://db/kvpurge");
		PostgresqlAddress bare = PostgresqlAddress.of("jdbc:postgresql://db/kvpurge", null, null);
		assertThat(bare.credentials()).isEmpty();
		assertThat(bare).hasToString("jdbc:postgresql://db/kvpurge");
	}

	@ParameterizedTest
	@CsvSource({ "postgresql://db/kvpurge,jdbc:postgresql://db/kvpurge,,",
			"postgres://jane@db:5433/kvpurge,jdbc:postgresql://db:5433/kvpurge,jane,",
			"postgresql://ja%40ne:p%40+ss%3A1@db:0/kvpurge?ssl=%20,jdbc:postgresql://db:0/kvpurge?ssl=%20,ja@ne,p@+ss:1",
			"postgresql://jane:@db/kvpurge,jdbc:postgresql://db/kvpurge,jane,''",
			"postgresql://:s3cret@db/kvpurge,jdbc:postgresql://db/kvpurge,'',s3cret" })
	void theFormWithoutJdbcHasUserAndPasswordBeforeTheHost(String url, String jdbc, @Nullable String user,
			@Nullable String password) {
		PostgresqlAddress address = PostgresqlAddress.of(url, null, null);
		assertThat(address.url()).isEqualTo(jdbc);
		assertThat(address.credentials()).isEqualTo(credentials(user, password));
	}

	@Test
	void whatIsGivenBesidesTheUrlWins() {
		assertThat(PostgresqlAddress.of("postgresql://jane:one@db/kvpurge", "joe", "two").credentials())
			.isEqualTo(credentials("joe", "two"));
	}

	@ParameterizedTest
	@CsvSource({
			"mysql://db/kvpurge,expected jdbc:postgresql://HOST/DATABASE or postgresql://USER:PASSWORD@HOST/DATABASE",
			"postgresql://jane:s3c ret@db/kvpurge,it is no valid URL (special characters of a password are percent-encoded in it: @ is %40)",
			"postgresql:///kvpurge,it names no host" })
	void whatIsNeitherIsRefusedWithoutItsSecrets(String url, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> PostgresqlAddress.of(url, null, null))
			.withMessage(message)
			.withNoCause();
	}

	@Test
	void noSecretIsShown() {
		PostgresqlAddress address = PostgresqlAddress
			.of("jdbc:postgresql://db/kvpurge?password=p%40ssword&x=1&sslpassword=keyphrase", null, "another");
		assertThat(address).hasToString("jdbc:postgresql://db/kvpurge");
		assertThat(address.redact("p%40ssword p@ssword keyphrase another x=1")).doesNotContain("ssword")
			.doesNotContain("keyphrase")
			.doesNotContain("another")
			.contains("x=1");
	}

	@Test
	void whoeverChangesTheCredentialsChangesACopy() {
		PostgresqlAddress address = PostgresqlAddress.of("jdbc:postgresql://db/kvpurge", "jane", null);
		address.credentials().clear();
		assertThat(address.credentials()).isEqualTo(credentials("jane", null));
	}

}
