package io.kvpurge.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

import io.kvpurge.job.ChildJobs;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerDatabase;

/** The ledger in an H2 file. What a killed child left is looked at in a copy. */
record H2Place(Path folder, Path copies) implements LedgerPlace {

	static final String DATABASE = "H2";

	private static final String SUFFIX = ".mv.db";

	static H2Place in(Path trial) {
		return new H2Place(trial.resolve("home"), trial.resolve("copies"));
	}

	static List<String> problems(DeletionLedger ledger) {
		return ledger.runs(Scene.NAME)
			.stream()
			.map((run) -> ledger.verify(run.id()).problem())
			.filter(Objects::nonNull)
			.toList();
	}

	@Override
	public String database() {
		return DATABASE;
	}

	@Override
	public String home() {
		return this.folder.toString();
	}

	@Override
	public String urlPrefix() {
		return "jdbc:h2:";
	}

	@Override
	public Connection look() throws SQLException {
		Path file = Path.of(ledger() + SUFFIX);
		if (!Files.exists(file)) {
			return null;
		}
		try {
			Files.createDirectories(this.copies);
			Path copy = this.copies.resolve("copy" + System.nanoTime());
			Files.copy(file, Path.of(copy + SUFFIX), StandardCopyOption.REPLACE_EXISTING);
			return DriverManager.getConnection("jdbc:h2:file:" + copy, "kvpurge", "");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The copy is thrown away: H2 need not put it in order, and may fail to. */
	@Override
	public void leave(Connection connection) {
		try {
			if (connection != null) {
				Scene.execute(connection, "shutdown immediately");
			}
		}
		catch (SQLException ex) {
			// With assertions on, H2 may stumble over what a killed process has left of a
			// large object; everything was read by then.
		}
	}

	@Override
	public List<String> verify() {
		try (LedgerDatabase database = LedgerDatabase.openFile(ledger(), Clock.systemUTC())) {
			return problems(database.ledger());
		}
	}

	private Path ledger() {
		return ChildJobs.ledgerFile(this.folder, Scene.NAME);
	}

}
