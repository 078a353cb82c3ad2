package io.kvpurge.store.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What is said when a database cannot be opened. */
class ConnectionTests {

	private static final String SECRET = "s3cr3t-pass";

	private static StoreOptions options(String url, String username, String password) {
		return new StoreOptions(Map.of("url", List.of(url), "table", List.of("entries"), "key", List.of("k"),
				"username", List.of(username), "password", List.of(password)));
	}

	private static StoreException failure(StoreOptions options) {
		StoreException[] failure = new StoreException[1];
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> new JdbcStoreType().open(options).close())
			.satisfies((ex) -> {
				assertThat(ex.getMessage()).startsWith("store: ").doesNotContain("\n").doesNotContain(SECRET);
				failure[0] = ex;
			});
		return failure[0];
	}

	@Test
	void aWrongPasswordIsToldWithoutIt(@TempDir Path folder) {
		String url = "jdbc:h2:" + folder.resolve("db");
		new JdbcStoreType().create(options(url, "sa", "right")).close();
		assertThat(failure(options(url, "sa", SECRET))).hasMessageContaining("cannot connect to " + url)
			.hasMessageContaining("Wrong user name or password");
	}

	@Test
	void aFileWhoseFolderDependsOnWhereOneStandsIsRefused() {
		assertThat(failure(options("jdbc:h2:file:data/shop", "sa", SECRET))).isInstanceOf(InvalidStoreException.class)
			.hasMessage("store: 'url' is jdbc:h2:file:data/shop, but a file begins with '/', '~/' or './', "
					+ "so that nobody mistakes where it is");
	}

	@Test
	void anUnknownUserIsTold() {
		String url = TestDatabase.postgresql().url().replaceFirst("\\?.*", "");
		assertThat(failure(options(url, "nobody", SECRET))).hasMessageContaining("\"nobody\" does not exist");
	}

	@Test
	void anUnknownDatabaseIsTold() {
		String url = TestDatabase.postgresql().url().replaceFirst("/[^/]*\\?.*", "/nowhere");
		assertThat(failure(options(url, "postgres", SECRET))).hasMessageContaining("\"nowhere\" does not exist");
	}

	@Test
	void aServerThatIsNotThereIsToldSoon() throws IOException {
		int free;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			free = socket.getLocalPort();
		}
		String url = "jdbc:postgresql://localhost:" + free + "/db";
		assertThat(failure(options(url, "me", SECRET))).hasMessageContaining("cannot connect to " + url)
			.hasMessageContaining("refused");
		assertThat(failure(options("jdbc:h2:tcp://localhost:" + free + "/db", "me", SECRET)))
			.hasMessageContaining("cannot connect to ");
		assertThat(failure(options("jdbc:postgresql://no.such.host.invalid/db", "me", SECRET)))
			.hasMessageContaining("no.such.host.invalid");
	}

	@Test
	void anUnknownKindOfDatabaseIsToldWithThoseThatAreKnown() {
		for (String url : List.of("jdbc:mysql://localhost/db", "postgresql://localhost/db", "jdbc:", "nonsense",
				"JDBC:H2:mem:x", "jdbc:postgresql2:x")) {
			assertThat(failure(options(url, "me", SECRET))).isInstanceOf(InvalidStoreException.class)
				.hasMessageContaining("'url' " + url)
				.hasMessageContaining("jdbc:h2:...")
				.hasMessageContaining("jdbc:postgresql:...");
		}
	}

	@Test
	void aMalformedUrlIsTold() {
		for (String port : List.of("port", "99999")) {
			String url = "jdbc:postgresql://localhost:" + port + "/db";
			// A mistake, and no server that is away for a while.
			assertThat(failure(options(url + "?password=" + SECRET, "me", "x")))
				.isInstanceOf(InvalidStoreException.class)
				.hasMessage("store: 'url' is " + url
						+ "?password=***, which its driver cannot read: check host, port and database");
		}
		assertThat(failure(options("jdbc:h2:mem:x;NO_SUCH_SETTING=1;PASSWORD=" + SECRET, "me", "x")))
			.hasMessageContaining("NO_SUCH_SETTING");
	}

	@Test
	void secretsOfUrlsAreNotShown() {
		for (String url : List.of("jdbc:postgresql://localhost:1/db?user=me&password=" + SECRET,
				"jdbc:postgresql://me:" + SECRET + "@localhost:1/db",
				"jdbc:postgresql://me:" + SECRET + "@x@localhost:1/db",
				"jdbc:postgresql://localhost:1/db?sslpassword=" + SECRET + "&ssl=true",
				"jdbc:postgresql://localhost:1/db?PASSWORD=" + SECRET,
				"jdbc:h2:tcp://localhost:1/db;USER=me;PASSWORD=" + SECRET,
				"jdbc:h2:/nowhere/db;password=file " + SECRET, "jdbc:mysql://me:" + SECRET + "@localhost/db",
				"jdbc:mysql://me:a/" + SECRET + "@localhost/db", "jdbc:oracle:thin:me/" + SECRET + "@localhost")) {
			assertThat(new JdbcUrl(url).toString()).doesNotContain(SECRET);
			StoreOptions options = new StoreOptions(
					Map.of("url", List.of(url), "table", List.of("entries"), "key", List.of("k")));
			assertThat(failure(options).getMessage()).contains("***");
		}
	}

	@Test
	void credentialsMayStandInTheUrl(@TempDir Path folder) {
		String url = "jdbc:h2:" + folder.resolve("db");
		new JdbcStoreType().create(options(url, "sa", SECRET)).close();
		StoreOptions options = new StoreOptions(Map.of("url", List.of(url + ";USER=sa;PASSWORD=" + SECRET), "table",
				List.of("entries"), "key", List.of("k")));
		try (KeyValueStore store = new JdbcStoreType().open(options)) {
			assertThat(store.identity()).doesNotContain(SECRET);
			store.write(List.of(new KeyValue(Key.of("a"), null, Metadata.ABSENT, null)));
			assertThat(store.find(List.of(Key.of("a")))).hasSize(1);
		}
	}

	@Test
	void aMissingFileIsToldAndNotMade(@TempDir Path folder) {
		assertThat(failure(options("jdbc:h2:" + folder.resolve("typo"), "sa", SECRET)))
			.isInstanceOf(InvalidStoreException.class)
			.hasMessageContaining("there is no database at")
			.hasMessageContaining("kvpurge load");
		assertThat(folder.resolve("typo.mv.db")).doesNotExist();
	}

	@Test
	void oneFileIsOneStoreHoweverItIsNamed(@TempDir Path folder) throws IOException {
		Path other = Files.createDirectory(folder.resolve("other"));
		String plain = "jdbc:h2:" + folder.resolve("db");
		String around = "jdbc:h2:file:" + other.resolve("../db") + ";LOCK_TIMEOUT=100";
		new JdbcStoreType().create(options(plain, "sa", "x")).close();
		try (KeyValueStore one = new JdbcStoreType().open(options(plain, "sa", "x"));
				KeyValueStore same = new JdbcStoreType().open(options(around, "sa", "x"))) {
			assertThat(same.identity()).isEqualTo(one.identity()).startsWith("h2:");
		}
	}

	@Test
	void oneServerIsOneStoreHoweverItIsNamed() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k text primary key");
		TestDatabase byNumber = new TestDatabase(database.url().replace("localhost", "127.0.0.1"));
		try (KeyValueStore one = database.open(table); KeyValueStore same = byNumber.open("public." + table)) {
			assertThat(byNumber).isNotEqualTo(database);
			assertThat(same.identity()).isEqualTo(one.identity()).startsWith("postgresql:");
		}
	}

	@Test
	void whoMayReadLessSeesTheSameStore() {
		TestDatabase database = TestDatabase.postgresql();
		String table = database.createTable("k text primary key");
		database.execute("create role plain login", "grant all on " + table + " to plain");
		TestDatabase plain = new TestDatabase(database.url().replace("user=postgres", "user=plain"));
		try (KeyValueStore one = database.open(table); KeyValueStore same = plain.open(table)) {
			assertThat(same.identity()).isEqualTo(one.identity());
		}
	}

	@Test
	void aTableNameThatMeansAnotherTableForAnotherUserIsAnotherStore() {
		TestDatabase database = TestDatabase.postgresql();
		database.execute("create role mine login", "create schema mine authorization mine",
				"create table public.shared_name (k text primary key)",
				"create table mine.shared_name (k text primary key)", "grant all on mine.shared_name to mine");
		TestDatabase mine = new TestDatabase(database.url().replace("user=postgres", "user=mine"));
		try (KeyValueStore one = database.open("shared_name"); KeyValueStore other = mine.open("shared_name")) {
			assertThat(one.identity()).endsWith("public.shared_name");
			assertThat(other.identity()).endsWith("mine.shared_name");
		}
	}

}
