package io.kvpurge.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import org.springframework.util.FileSystemUtils;

/**
 * How tests launch kvpurge as a process: with their own class path, and fast, as an
 * installed one is, from an archive of loaded classes. Archive and jars are made by the
 * first test that launches one, and kept under {@code target} until a class changes.
 */
public final class ChildJvm {

	/** For a process that ends before a better compiler and collector would pay. */
	public static final List<String> SHORT_LIVED = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

	private static final Path FOLDER = Path.of("target", "children").toAbsolutePath();

	private static final Path ARCHIVE = FOLDER.resolve("children.jsa");

	private static final String MAIN = "io.kvpurge.cli.Kvpurge";

	private static final String CLASS_PATH = prepared();

	private ChildJvm() {
	}

	/**
	 * A command that lacks the main class and its arguments.
	 * @param options of the JVM
	 */
	public static List<String> command(List<String> options) {
		List<String> command = new ArrayList<>();
		command.add(java());
		// An archive that is not of this class path is passed over.
		command.addAll(List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xshare:auto", "-Xlog:disable"));
		command.addAll(options);
		command.addAll(List.of("-cp", CLASS_PATH));
		return command;
	}

	/** The command line with these arguments. */
	public static List<String> kvpurge(List<String> options, String... arguments) {
		List<String> command = command(options);
		command.add(MAIN);
		command.addAll(List.of(arguments));
		return command;
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	/** Tests run in several processes, of which one makes it. */
	private static String prepared() {
		try {
			Files.createDirectories(FOLDER);
			try (FileChannel channel = FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
				String state = state();
				Path known = FOLDER.resolve("state.txt");
				String classPath = classPath();
				if (!Files.exists(known) || !Files.readString(known).equals(state)) {
					makeJars();
					makeArchive(classPath);
					Files.writeString(known, state);
				}
				return classPath;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Path> entries() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList();
	}

	/** Class data sharing takes jars only. */
	private static String classPath() {
		return String.join(File.pathSeparator,
				entries().stream().map((entry) -> Files.isDirectory(entry) ? jarOf(entry) : entry.toString()).toList());
	}

	private static String jarOf(Path classes) {
		return FOLDER.resolve(classes.getFileName() + ".jar").toString();
	}

	/** Changes with each class. */
	private static String state() throws IOException {
		StringBuilder state = new StringBuilder(java());
		for (Path entry : entries()) {
			try (Stream<Path> files = Files.walk(entry)) {
				for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
					state.append('\n')
						.append(file)
						.append(' ')
						.append(Files.size(file))
						.append(' ')
						.append(Files.getLastModifiedTime(file));
				}
			}
		}
		return state.toString();
	}

	private static void makeJars() throws IOException {
		for (Path entry : entries()) {
			if (Files.isDirectory(entry)) {
				// Others may be running from the one before it.
				Path made = FOLDER.resolve("new.jar");
				makeJar(entry, made);
				Files.move(made, Path.of(jarOf(entry)), StandardCopyOption.ATOMIC_MOVE);
			}
		}
	}

	private static void makeJar(Path classes, Path jar) throws IOException {
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
		}
	}

	/** As {@code kvpurge-prepare} does it. */
	private static void makeArchive(String classPath) throws IOException {
		Path home = Files.createTempDirectory("kvpurge-archive");
		Path made = FOLDER.resolve("new.jsa");
		Files.deleteIfExists(ARCHIVE);
		List<String> command = List.of(java(), "-XX:ArchiveClassesAtExit=" + made, "-Xlog:disable", "-cp", classPath,
				MAIN, "demo", "--home", home.toString());
		try {
			FinishedProgram demo = FinishedProgram.launch(home, Map.of("PATH", System.getenv("PATH")), command);
			if (demo.status() != 0) {
				throw new IOException(demo.toString());
			}
			Files.move(made, ARCHIVE, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
		finally {
			FileSystemUtils.deleteRecursively(home);
		}
	}

}
