package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

/**
 * Makes the migration of an embedded database happen as a whole or not at all. H2 commits
 * at every change of a table, and changes one by copying it: who dies meanwhile leaves
 * tables in two halves. So what stood there before is written to a file first, and while
 * that file is there, the database is what it says. Only for the owner of the database.
 */
final class RestorableMigration {

	private final DataSource dataSource;

	private final Path before;

	/**
	 * Makes one.
	 * @param database its file without the suffix
	 */
	RestorableMigration(DataSource dataSource, String database) {
		this.dataSource = dataSource;
		this.before = Path.of(database + ".before-migration.sql");
	}

	/** Takes back a migration that was cut off, if there was one. May be cut off, too. */
	void restore() throws IOException, SQLException {
		if (Files.exists(this.before)) {
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute("drop all objects");
			}
			execute("runscript from ?", this.before);
			Files.delete(this.before);
		}
	}

	/** After a failure, {@link #restore} takes back what was done. */
	void run(Runnable migration) throws IOException, SQLException {
		Path written = this.before.resolveSibling(this.before.getFileName() + ".tmp");
		Files.deleteIfExists(written);
		execute("script to ?", written);
		try (FileChannel file = FileChannel.open(written, StandardOpenOption.WRITE)) {
			file.force(true);
		}
		Files.move(written, this.before, StandardCopyOption.ATOMIC_MOVE);
		migration.run();
		Files.delete(this.before);
	}

	private void execute(String sql, Path file) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, file.toString());
			statement.execute();
		}
	}

}
