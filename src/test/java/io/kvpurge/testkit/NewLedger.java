package io.kvpurge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

import io.kvpurge.ledger.LedgerDatabase;

/**
 * The file of a ledger in which nothing is written yet, made once for each process of the
 * tests: to make its tables takes longer than most runs of a test.
 */
public final class NewLedger {

	private static final byte[] FILE = make();

	private NewLedger() {
	}

	private static byte[] make() {
		try {
			Path folder = Files.createTempDirectory(Path.of("target"), "ledger");
			LedgerDatabase.openFile(folder.resolve("ledger"), Clock.systemUTC()).close();
			return Files.readAllBytes(folder.resolve("ledger.mv.db"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Leaves one where there is none.
	 * @param database its file without the suffix
	 */
	public static void at(Path database) {
		Path file = database.resolveSibling(database.getFileName() + ".mv.db");
		if (Files.notExists(file)) {
			try {
				Files.createDirectories(file.getParent());
				Files.write(file, FILE);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
