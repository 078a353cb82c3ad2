package io.kvpurge.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The backup of one run: a folder with a folder for each range, in which each call has
 * its segment. Whoever writes owns the run; ranges may write at the same time.
 *
 * @param folder where it is
 */
public record RunBackup(Path folder) {

	private static final Pattern RANGE = Pattern.compile("range-(\\d{5,9})");

	private static final Pattern SEGMENT = Pattern.compile("(\\d{6,9})\\.jsonl\\.gz");

	private static final String TEMPORARY = ".tmp";

	private static final String MARK = "mark";

	/** Where the backup of a run is, below the folder of all backups of a definition. */
	public static RunBackup of(Path backups, int run) {
		return new RunBackup(backups.resolve(String.valueOf(run)));
	}

	/**
	 * Makes the folder, removes what an attempt that died left unfinished, and looks
	 * whether there is room.
	 * @throws BackupException if nothing can be written there, or the backup of another
	 * run is there
	 */
	public void prepare(BackupLabel label) {
		try {
			create(this.folder);
			BackupLabel known = BackupLabel.of(this.folder);
			if (known == null) {
				label.write(this.folder);
			}
			else {
				requireSame(label, known);
			}
			for (Path range : list(this.folder)) {
				for (Path file : Files.isDirectory(range, LinkOption.NOFOLLOW_LINKS) ? list(range) : List.<Path>of()) {
					if (name(file).endsWith(TEMPORARY)) {
						Files.delete(file);
					}
				}
			}
		}
		catch (IOException ex) {
			throw new BackupException("cannot write backups in " + this.folder + ": " + why(ex), ex);
		}
		new FreeSpace(this.folder).require();
	}

	/**
	 * Goes on only if the backup of this run is there.
	 * @throws BackupException if it is not
	 */
	public void require(BackupLabel label) {
		try {
			BackupLabel known = BackupLabel.of(this.folder);
			if (known == null) {
				throw new BackupException("the backup of run " + label.run() + " is not in " + this.folder);
			}
			requireSame(label, known);
		}
		catch (IOException ex) {
			throw new BackupException("cannot read the backup in " + this.folder + ": " + why(ex), ex);
		}
	}

	/**
	 * Leaves a mark in the folder, by which other processes see that theirs is the same.
	 * @throws BackupException if nothing can be written there
	 */
	public void mark(String mark) {
		try {
			Path temporary = this.folder.resolve(MARK + TEMPORARY);
			Files.writeString(temporary, mark);
			Files.move(temporary, this.folder.resolve(MARK), StandardCopyOption.ATOMIC_MOVE,
					StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new BackupException("cannot write backups in " + this.folder + ": " + why(ex), ex);
		}
	}

	/**
	 * Goes on only if the mark is there that another process left.
	 * @throws BackupException if it is not
	 */
	public void requireMark(String mark) {
		try {
			if (mark.equals(Files.readString(this.folder.resolve(MARK)))) {
				return;
			}
		}
		catch (IOException ex) {
			// It is not there, or may not be read: said below.
		}
		throw new BackupException("the backup directory " + this.folder
				+ " is not the one that the run writes to: mount the same directory here");
	}

	/**
	 * Removes all of it, if it is there.
	 * @throws BackupException if that is not possible, or the backup of another run is
	 * there
	 */
	public void remove(BackupLabel label) {
		if (!Files.exists(this.folder)) {
			return;
		}
		require(label);
		try (Stream<Path> files = Files.walk(this.folder)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new BackupException("cannot remove the backup in " + this.folder + ": " + why(ex), ex);
		}
	}

	private void requireSame(BackupLabel label, BackupLabel known) {
		if (!label.equals(known)) {
			throw new BackupException(this.folder + " has the backup of another run " + known.run() + " (of "
					+ known.store() + ", begun " + known.startedAt() + "): each home needs a directory of its own");
		}
	}

	/** The entries of one call, which may not be there. */
	public Segment segment(int range, int call) {
		return new Segment(place(range).resolve("%06d.jsonl.gz".formatted(call)));
	}

	/**
	 * Begins the segment of a call: no other one is touched.
	 * @throws BackupException if there is no room, or nothing can be written there
	 */
	public SegmentWriter begin(int range, int call) {
		Path place = place(range);
		try {
			create(place);
			FreeSpace space = new FreeSpace(place);
			space.require();
			Path file = segment(range, call).file();
			Path temporary = place.resolve(name(file) + TEMPORARY);
			Files.deleteIfExists(temporary);
			return new SegmentWriter(file, temporary, space);
		}
		catch (IOException ex) {
			throw new BackupException(
					"cannot write the backup in " + place + ": " + why(ex)
							+ ": nothing was deleted without a backup; make room or mend the disk, then launch again",
					ex);
		}
	}

	/** What is there, segment by segment. */
	public BackupContent content() {
		List<Segment> segments = new ArrayList<>();
		try {
			for (Path range : Files.isDirectory(this.folder) ? list(this.folder) : List.<Path>of()) {
				if (number(RANGE, range) > 0) {
					list(range).stream()
						.filter((file) -> number(SEGMENT, file) > 0)
						.map(Segment::new)
						.forEach(segments::add);
				}
			}
		}
		catch (IOException ex) {
			throw new BackupException("cannot read backups in " + this.folder + ": " + why(ex), ex);
		}
		return new BackupContent(segments);
	}

	private Path place(int range) {
		return this.folder.resolve("range-%05d".formatted(range));
	}

	private static int number(Pattern pattern, Path file) {
		Matcher matcher = pattern.matcher(name(file));
		return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	private static List<Path> list(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.sorted().toList();
		}
	}

	private static String name(Path file) {
		return String.valueOf(file.getFileName());
	}

	private static @Nullable String why(IOException ex) {
		return (ex instanceof java.nio.file.FileSystemException failure && failure.getReason() == null)
				? failure.getClass().getSimpleName().replace("Exception", "") + " " + failure.getFile()
				: ex.getMessage();
	}

	/** Entries may be nobody else's business: only the owner may look. */
	private static void create(Path folder) throws IOException {
		if (Files.isDirectory(folder)) {
			return;
		}
		Path parent = folder.getParent();
		if (parent != null) {
			create(parent);
		}
		try {
			if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
				Files.createDirectory(folder,
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
			}
			else {
				Files.createDirectory(folder);
			}
			if (parent != null) {
				Segment.force(parent);
			}
		}
		catch (java.nio.file.FileAlreadyExistsException ex) {
			if (!Files.isDirectory(folder)) {
				throw ex;
			}
		}
	}

}
