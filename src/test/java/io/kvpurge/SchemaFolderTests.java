package io.kvpurge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/** The two folders of {@code schema/} describe the same tables. */
class SchemaFolderTests {

	private static final Map<String, String> SAME_TYPES = Map.ofEntries(Map.entry("CHARACTER VARYING", "text"),
			Map.entry("VARCHAR", "text"), Map.entry("CHARACTER LARGE OBJECT", "large text"),
			Map.entry("TEXT", "large text"), Map.entry("BINARY LARGE OBJECT", "bytes"), Map.entry("BYTEA", "bytes"),
			Map.entry("BIGINT", "long"), Map.entry("INT8", "long"), Map.entry("INTEGER", "int"),
			Map.entry("INT4", "int"), Map.entry("BOOLEAN", "boolean"), Map.entry("BOOL", "boolean"),
			Map.entry("TIMESTAMP WITH TIME ZONE", "instant"), Map.entry("TIMESTAMPTZ", "instant"),
			Map.entry("TIMESTAMP", "local time"), Map.entry("CHARACTER", "char"), Map.entry("BPCHAR", "char"));

	private static List<String> files(String database) throws IOException {
		try (Stream<Path> files = Files.list(Path.of("schema", database))) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	private static Connection h2(String name) throws SQLException {
		return DriverManager.getConnection("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
	}

	private static String migrated(String url, String database) {
		Flyway.configure().dataSource(url, null, null).locations("classpath:schema/" + database).load().migrate();
		return url;
	}

	private static Connection migratedH2() throws SQLException {
		return DriverManager.getConnection(migrated("jdbc:h2:mem:migrated;DB_CLOSE_DELAY=-1", "h2"));
	}

	private static Connection migratedPostgresql() throws SQLException {
		return DriverManager.getConnection(migrated(PostgresqlServer.newDatabaseUrl(), "postgresql"));
	}

	/** Every column as {@code table.column}, with its type and whether it may be null. */
	private static Map<String, String> columns(Connection connection, String prefix) throws SQLException {
		Map<String, String> columns = new TreeMap<>();
		try (ResultSet row = connection.getMetaData().getColumns(null, "public", "%", "%")) {
			collect(row, prefix, columns);
		}
		try (ResultSet row = connection.getMetaData().getColumns(null, "PUBLIC", "%", "%")) {
			collect(row, prefix, columns);
		}
		return columns;
	}

	private static void collect(ResultSet row, String prefix, Map<String, String> columns) throws SQLException {
		while (row.next()) {
			String table = row.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
			String declared = row.getString("TYPE_NAME").toUpperCase(Locale.ROOT);
			String type = SAME_TYPES.getOrDefault(declared, declared);
			boolean isSized = type.equals("text") || type.equals("char");
			if (table.startsWith(prefix) && !table.endsWith("_pk") && !table.endsWith("_ix")) {
				columns.put(table + "." + row.getString("COLUMN_NAME").toLowerCase(Locale.ROOT),
						type + (isSized ? "(" + row.getInt("COLUMN_SIZE") + ")" : "")
								+ (row.getString("IS_NULLABLE").equals("YES") ? "" : " not null"));
			}
		}
	}

	@Test
	void bothFoldersHaveTheSameFiles() throws IOException {
		assertThat(files("h2")).isNotEmpty().isEqualTo(files("postgresql"));
	}

	@Test
	void ledgerHasTheSameColumnsOnBoth() throws SQLException {
		try (Connection h2 = migratedH2(); Connection postgresql = migratedPostgresql()) {
			Map<String, String> columns = columns(h2, "purge_");
			assertThat(columns).containsEntry("purge_call.keys_packed", "bytes not null")
				.containsEntry("purge_run.ended_at", "instant")
				.hasSizeGreaterThan(60);
			assertThat(columns(postgresql, "purge_")).isEqualTo(columns);
		}
	}

	@Test
	void jobRepositoryHasTheSameColumnsOnBoth() throws SQLException {
		try (Connection h2 = migratedH2(); Connection postgresql = migratedPostgresql()) {
			assertThat(columns(postgresql, "batch_")).isNotEmpty().isEqualTo(withoutLongText(columns(h2, "batch_")));
		}
	}

	/** The framework has LONGVARCHAR in H2 where it has TEXT in PostgreSQL. */
	private static Map<String, String> withoutLongText(Map<String, String> columns) {
		columns.replaceAll((column, type) -> column.endsWith(".serialized_context") ? "large text" : type);
		return columns;
	}

	@Test
	void jobRepositoryIsAsTheFrameworkShipsIt() throws SQLException {
		try (Connection h2 = migratedH2(); Connection framework = h2("framework")) {
			ScriptUtils.executeSqlScript(framework,
					new ClassPathResource("org/springframework/batch/core/schema-h2.sql"));
			assertThat(columns(h2, "batch_")).isNotEmpty().isEqualTo(columns(framework, "batch_"));
		}
		try (Connection postgresql = migratedPostgresql();
				Connection framework = DriverManager.getConnection(PostgresqlServer.newDatabaseUrl())) {
			ScriptUtils.executeSqlScript(framework,
					new ClassPathResource("org/springframework/batch/core/schema-postgresql.sql"));
			assertThat(columns(postgresql, "batch_")).isNotEmpty().isEqualTo(columns(framework, "batch_"));
		}
	}

}
