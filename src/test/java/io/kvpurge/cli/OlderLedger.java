package io.kvpurge.cli;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.flywaydb.core.Flyway;

/**
 * A ledger as an older version made it: the tables of its schema, with the rows of a
 * ledger of today in those columns that it had.
 */
final class OlderLedger {

	private static final String HISTORY = "flyway_schema_history";

	private final String url;

	private final String user;

	private final boolean h2;

	private OlderLedger(String url, String user) {
		this.url = url;
		this.user = user;
		this.h2 = url.startsWith("jdbc:h2:");
	}

	/**
	 * Makes it in an empty database.
	 * @param version the schema's
	 */
	static OlderLedger make(String url, String user, String version) {
		OlderLedger ledger = new OlderLedger(url, user);
		Flyway.configure()
			.configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
			.dataSource(url, user, "")
			.locations("classpath:schema/" + (ledger.h2 ? "h2" : "postgresql"))
			.target(version)
			.load()
			.migrate();
		return ledger;
	}

	/**
	 * Copies what stands in a ledger of today, as if its process had died in the midst of
	 * it: nobody wrote down that it ended.
	 */
	void filledWithCutOff(String newer) throws SQLException {
		try (Connection from = DriverManager.getConnection(newer, this.user, "");
				Connection to = DriverManager.getConnection(this.url, this.user, "");
				Statement ending = from.createStatement();
				Statement statement = to.createStatement()) {
			ending.execute("update purge_run set state = 'RUNNING', reason = null, ended_at = null");
			ending.execute("update purge_attempt set state = 'RUNNING', reason = null, ended_at = null");
			ending.execute("update batch_job_execution set status = 'STARTED', end_time = null");
			statement.execute(this.h2 ? "set referential_integrity false" : "set session_replication_role = replica");
			for (String table : names(to.getMetaData(), null)) {
				copy(table, from, to);
			}
			// The numbers that the rows have are taken.
			for (String sequence : List.of("batch_step_execution_seq", "batch_job_execution_seq",
					"batch_job_instance_seq")) {
				statement.execute("alter sequence " + sequence + " restart with 1000");
			}
			if (this.h2) {
				statement.execute("set referential_integrity true");
			}
		}
	}

	private void copy(String table, Connection from, Connection to) throws SQLException {
		List<String> columns = names(to.getMetaData(), table);
		String list = String.join(", ", columns);
		try (Statement reading = from.createStatement();
				ResultSet rows = reading.executeQuery("select " + list + " from " + table);
				var writing = to.prepareStatement("insert into " + table + " (" + list + ") values ("
						+ "?, ".repeat(columns.size() - 1) + "?)")) {
			while (rows.next()) {
				for (int i = 1; i <= columns.size(); i++) {
					writing.setObject(i, rows.getObject(i));
				}
				writing.executeUpdate();
			}
		}
	}

	/** The tables but the history, or the columns of one. */
	private List<String> names(DatabaseMetaData database, String table) throws SQLException {
		String schema = this.h2 ? "PUBLIC" : "public";
		List<String> names = new ArrayList<>();
		try (ResultSet rows = (table != null) ? database.getColumns(null, schema, table, null)
				: database.getTables(null, schema, null, new String[] { "TABLE", "BASE TABLE" })) {
			while (rows.next()) {
				String name = rows.getString((table != null) ? "COLUMN_NAME" : "TABLE_NAME");
				if (!name.toLowerCase(Locale.ROOT).equals(HISTORY)) {
					names.add(name);
				}
			}
		}
		return names;
	}

}
