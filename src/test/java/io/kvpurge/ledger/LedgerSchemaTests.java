package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

class LedgerSchemaTests {

	private static final String HEAD = "-- All migrations of H2 in one, for a new ledger. "
			+ "Not written by hand: see LedgerSchemaTests.\n";

	private final DataSource h2 = new DriverManagerDataSource("jdbc:h2:mem:schema;DB_CLOSE_DELAY=-1", "kvpurge", "");

	@AfterEach
	void shutDown() {
		JdbcClient.create(this.h2).sql("shutdown").update();
	}

	@Test
	void theScriptMakesWhatAllMigrationsMake() throws IOException {
		migrate(this.h2, "h2", null);
		String migrated = HEAD + script();
		Path wanted = Files.writeString(Path.of("target", "h2.sql"), migrated);
		JdbcClient.create(this.h2).sql("drop all objects").update();
		LedgerSchema.create(this.h2);
		assertThat(HEAD + script()).as("another migration? then copy %s to schema", wanted).isEqualTo(migrated);
		assertThat(new ClassPathResource("schema/h2.sql").getContentAsString(StandardCharsets.UTF_8))
			.isEqualTo(migrated);
	}

	/** What makes the database as it is, but for what differs from one to the next. */
	private String script() {
		return JdbcClient.create(this.h2)
			.sql("script nopasswords nosettings")
			.query(String.class)
			.list()
			.stream()
			.filter((statement) -> !statement.startsWith("CREATE USER") && !statement.startsWith("--"))
			.map((statement) -> statement.replaceAll("TIMESTAMP '[^']*', \\d+", "CURRENT_TIMESTAMP, 0")
				.replaceAll("'kvpurge\\.[0-9a-f-]{36}'", "'kvpurge.' || CAST(RANDOM_UUID() AS VARCHAR)")
				// What is kept in a file is kept in memory here.
				.replace("CREATE MEMORY TABLE", "CREATE CACHED TABLE"))
			.collect(Collectors.joining("\n", "", "\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "h2", "postgresql" })
	void aDatabaseIsUpToDateWhenFlywayHasDoneAllThatItKnows(String folder) {
		DataSource dataSource = folder.equals("h2") ? this.h2
				: new DriverManagerDataSource(PostgresqlServer.newDatabaseUrl());
		assertThat(LedgerSchema.isUpToDate(dataSource, folder)).isFalse();
		MigrationInfo[] all = flyway(dataSource, folder, null).info().all();
		migrate(dataSource, folder, String.valueOf(all.length - 1));
		assertThat(LedgerSchema.isUpToDate(dataSource, folder)).isFalse();
		migrate(dataSource, folder, null);
		assertThat(LedgerSchema.isUpToDate(dataSource, folder)).as("%s", LedgerSchema.applied(dataSource)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"checksum\" = 1 where \"version\" = '2'", "\"success\" = false where \"version\" = '3'",
			"\"version\" = '10' where \"version\" = '9'" })
	void aDatabaseWithAnotherHistoryIsNotUpToDate(String change) {
		LedgerSchema.create(this.h2);
		assertThat(LedgerSchema.isUpToDate(this.h2, "h2")).isTrue();
		JdbcClient.create(this.h2).sql("update \"flyway_schema_history\" set " + change).update();
		assertThat(LedgerSchema.isUpToDate(this.h2, "h2")).isFalse();
	}

	@Test
	void eachLedgerHasAQueueOfItsOwn() {
		LedgerSchema.create(this.h2);
		String first = queue();
		JdbcClient.create(this.h2).sql("drop all objects").update();
		LedgerSchema.create(this.h2);
		assertThat(queue()).matches("kvpurge\\.[0-9a-f-]{36}").isNotEqualTo(first);
	}

	private String queue() {
		return JdbcClient.create(this.h2).sql("select name from purge_queue").query(String.class).single();
	}

	private static void migrate(DataSource dataSource, String folder, @Nullable String target) {
		flyway(dataSource, folder, target).migrate();
	}

	private static Flyway flyway(DataSource dataSource, String folder, @Nullable String target) {
		return Flyway.configure()
			.dataSource(dataSource)
			.locations("classpath:schema/" + folder)
			.target((target != null) ? target : "latest")
			.load();
	}

}
