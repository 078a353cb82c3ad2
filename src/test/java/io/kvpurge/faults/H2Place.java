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

import io.kvpurge.job.ChildJobs;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.RunId;

/** The ledger in an H2 file. What a killed child left is looked at in a copy. */
record H2Place(Path home, Path copies) implements LedgerPlace {

	private static final String SUFFIX = ".mv.db";

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
			Path copy = this.copies.resolve("copy");
			Files.copy(file, Path.of(copy + SUFFIX), StandardCopyOption.REPLACE_EXISTING);
			return DriverManager.getConnection("jdbc:h2:file:" + copy, "kvpurge", "");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String verify() {
		try (LedgerDatabase database = LedgerDatabase.openFile(ledger(), Clock.systemUTC())) {
			return database.ledger().verify(new RunId("faults", 1)).problem();
		}
	}

	private Path ledger() {
		return ChildJobs.ledgerFile(this.home, "faults");
	}

}
