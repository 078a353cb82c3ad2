package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.job.DefinitionHome;
import io.kvpurge.job.Home;
import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.LedgerException;
import io.kvpurge.ledger.LedgerUnavailableException;
import io.kvpurge.ledger.PurgeRun;

/** Looks whether state can be kept: the folder, its disk, the database, the clock. */
final class HomeCheck {

	/** Below this a run may fail before it is done. */
	static final long LITTLE_SPACE = 256L << 20;

	/** Clocks of machines that are kept in time differ by less. */
	private static final Duration TOLERANCE = Duration.ofSeconds(30);

	private final Clock clock;

	HomeCheck(Clock clock) {
		this.clock = clock;
	}

	/** The folder, which need not be there yet. */
	List<Finding> folder(Path folder) {
		Path there = folder;
		while (!Files.exists(there) && there.getParent() != null) {
			there = there.getParent();
		}
		if (!Files.isDirectory(there) || !Files.isWritable(there)) {
			return List.of(Finding.bad("home", folder + " cannot be written to by " + System.getProperty("user.name")
					+ ": give it that folder, or name another one with --home"));
		}
		return List.of(
				Finding.good("home", there.equals(folder) ? folder.toString() : folder + ", made by the first run"),
				space(there));
	}

	private static Finding space(Path folder) {
		try {
			FileStore disk = Files.getFileStore(folder);
			return space(folder, disk.getUsableSpace());
		}
		catch (IOException ex) {
			return Finding.note("space", "cannot be told of " + folder + ": " + ex.getMessage());
		}
	}

	static Finding space(Path folder, long usable) {
		String text = "%,d MiB free in %s".formatted(usable >> 20, folder);
		return (usable < LITTLE_SPACE)
				? Finding.bad("space", text + ": make room for at least " + (LITTLE_SPACE >> 20) + " MiB")
				: Finding.good("space", text);
	}

	/**
	 * The ledger's database, and by it the clock.
	 * @param name the definition's name, null if it could not be read
	 */
	List<Finding> database(Home home, @Nullable String name, boolean shared) {
		List<Finding> findings = new ArrayList<>();
		if (name == null) {
			return List.of(Finding.good("database", home.location()));
		}
		DefinitionHome kept = home.definition(name);
		if (!shared && !kept.hasLedger()) {
			return List.of(Finding.good("database", "a file, made by the first run"), clock(null, null));
		}
		try (LedgerDatabase database = kept.read()) {
			findings.add(Finding.good("database", database.location()));
			PurgeRun last = database.ledger().latest(name, null);
			findings.add(clock((last != null) ? last.startedAt() : null, shared ? time(database) : null));
		}
		catch (DatabaseBusyException ex) {
			findings.add(Finding.note("database", ex.getMessage() + ": a run of this definition is going on"));
		}
		catch (LedgerException ex) {
			findings.add(failure(ex));
		}
		return findings;
	}

	static Finding failure(LedgerException ex) {
		String line = String.valueOf(ex.getMessage());
		return (ex instanceof LedgerUnavailableException) ? new Finding("database", Finding.Level.LATER, line)
				: Finding.bad("database", line);
	}

	/**
	 * The clock, next to others.
	 * @param lastRun when the newest run began, null if there is none
	 * @param server the time of the database's server, null if it has none of its own
	 */
	Finding clock(@Nullable Instant lastRun, @Nullable Instant server) {
		Instant now = this.clock.instant();
		if (lastRun != null && now.isBefore(lastRun)) {
			return Finding.bad("clock", now + " is before the last run began, " + lastRun + ": set the clock");
		}
		if (server != null && Duration.between(server, now).abs().compareTo(TOLERANCE) > 0) {
			return Finding.bad("clock", now + " here, but " + server + " on the database's server: set both by NTP");
		}
		return Finding.good("clock",
				now.truncatedTo(ChronoUnit.SECONDS) + ((server != null) ? ", as on the database's server" : ""));
	}

	private static @Nullable Instant time(LedgerDatabase database) {
		try (Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("select current_timestamp")) {
			row.next();
			Timestamp time = row.getTimestamp(1);
			return (time != null) ? time.toInstant() : null;
		}
		catch (SQLException ex) {
			throw new LedgerException("cannot ask the database " + database.location() + " for its time", ex);
		}
	}

}
