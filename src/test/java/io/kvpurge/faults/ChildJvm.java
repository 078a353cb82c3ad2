package io.kvpurge.faults;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * How children are launched: fast, from an archive of loaded classes that the first one
 * leaves to the others.
 */
final class ChildJvm {

	private final List<String> common = new ArrayList<>();

	private final Path archive;

	/**
	 * Makes one.
	 * @param folder for jars and archive
	 */
	ChildJvm(Path folder) {
		this.archive = folder.resolve("children.jsa");
		this.common.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		this.common.addAll(List.of("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
				"-Xlog:disable", "-cp", classPath(folder)));
	}

	/** A command without the main class. */
	List<String> command() {
		List<String> command = new ArrayList<>(this.common);
		command.add(1, Files.exists(this.archive) ? "-XX:SharedArchiveFile=" + this.archive
				: "-XX:ArchiveClassesAtExit=" + this.archive);
		return command;
	}

	/** Class data sharing takes jars only. */
	private static String classPath(Path folder) {
		List<String> entries = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(entry);
			entries
				.add(Files.isDirectory(path) ? jar(path, folder.resolve(entries.size() + ".jar")).toString() : entry);
		}
		return String.join(File.pathSeparator, entries);
	}

	private static Path jar(Path classes, Path jar) {
		try (OutputStream out = Files.newOutputStream(jar);
				JarOutputStream entries = new JarOutputStream(out);
				Stream<Path> files = Files.walk(classes)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				String name = classes.relativize(file).toString();
				if (!name.isEmpty()) {
					boolean isFolder = Files.isDirectory(file);
					entries.putNextEntry(new ZipEntry(isFolder ? name + "/" : name));
					if (!isFolder) {
						Files.copy(file, entries);
					}
					entries.closeEntry();
				}
			}
			return jar;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
