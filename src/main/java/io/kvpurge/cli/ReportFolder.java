package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.RunId;
import io.kvpurge.report.RunDetails;
import io.kvpurge.report.RunPage;
import io.kvpurge.report.RunReport;

/** The pages of the latest runs, written as each ends. */
final class ReportFolder {

	/** So many of each definition; any other can be drawn again. */
	private static final int KEPT = 50;

	private static final String SUFFIX = ".html";

	private final Path folder;

	/**
	 * @param home the folder in which it is
	 */
	ReportFolder(Path home) {
		this.folder = home.resolve("reports");
	}

	/** Where the page of a run is, if there is one. */
	Path file(RunId run) {
		return this.folder.resolve(run + SUFFIX);
	}

	/**
	 * Writes the page of a run and removes the oldest.
	 * @return one line that says where it is, or why there is none: that fails no run
	 */
	String write(RunReport report, DeletionLedger ledger) {
		Path file = file(report.run().id());
		try {
			new RunPage(RunDetails.of(report, ledger)).write(file);
			removeOldest(report.run().id().definition());
			return "report in " + file;
		}
		catch (IOException | RuntimeException ex) {
			return "the report could not be written to " + file + ": " + Message.why(ex) + "; 'kvpurge report "
					+ report.run().id() + " --html FILE' draws it again";
		}
	}

	/**
	 * Removes the page of a run, which names keys.
	 * @return one line if it cannot be removed
	 */
	Optional<String> remove(RunId run) {
		try {
			Files.deleteIfExists(file(run));
			return Optional.empty();
		}
		catch (IOException ex) {
			return Optional
				.of("cannot remove " + file(run) + ", which names keys of the pruned run: " + Message.why(ex));
		}
	}

	private void removeOldest(String definition) throws IOException {
		try (Stream<Path> files = Files.list(this.folder)) {
			List<Path> pages = files.filter((file) -> number(file, definition) > 0)
				.sorted(Comparator.comparingInt((Path file) -> number(file, definition)).reversed())
				.skip(KEPT)
				.toList();
			for (Path page : pages) {
				Files.deleteIfExists(page);
			}
		}
	}

	/** The number of the definition's run whose page a file is, 0 if it is none. */
	private static int number(Path file, String definition) {
		String name = file.getFileName().toString();
		String before = definition + ".";
		if (!name.startsWith(before) || !name.endsWith(SUFFIX)) {
			return 0;
		}
		String number = name.substring(before.length(), Math.max(before.length(), name.length() - SUFFIX.length()));
		return number.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(number) : 0;
	}

}
