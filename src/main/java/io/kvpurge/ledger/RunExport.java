package io.kvpurge.ledger;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A file that holds one run, so that it can be verified where there is no database: JSON
 * Lines, deflated (gzip) if its name ends in {@code .gz}.
 *
 * @param file the file
 */
public record RunExport(Path file) {

	private static final int BUFFER = 1 << 16;

	/** Whether there is such a file, and it begins as an export does. */
	public boolean isExport() {
		if (!Files.isRegularFile(this.file)) {
			return false;
		}
		try (InputStream in = open()) {
			return new String(in.readNBytes(ExportLines.TAG.length()), StandardCharsets.UTF_8).equals(ExportLines.TAG);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Recomputes the hashes of the run in the file. Needs nothing but the file, and
	 * little memory.
	 * @throws LedgerException if there is no such file, or it is no export
	 */
	public Verification verify() {
		if (!Files.exists(this.file)) {
			throw new LedgerException(this.file + ": there is no such file");
		}
		if (!isExport()) {
			throw new LedgerException(this.file + ": is no run that 'audit RUN --export' wrote");
		}
		LedgerVerifier verifier = new LedgerVerifier();
		try (InputStream in = open()) {
			new ExportReader(in).read(verifier);
		}
		catch (IOException ex) {
			throw new LedgerException(this.file + ": cannot be read: " + ex.getMessage(), ex);
		}
		return verifier.verification();
	}

	/** The lines, inflated if they are deflated, whatever the name says. */
	private InputStream open() throws IOException {
		InputStream in = new BufferedInputStream(Files.newInputStream(this.file), BUFFER);
		try {
			in.mark(2);
			boolean isDeflated = in.read() == 0x1f && in.read() == 0x8b;
			in.reset();
			return isDeflated ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in;
		}
		catch (IOException ex) {
			in.close();
			throw ex;
		}
	}

	/**
	 * Writes the file, whole or not at all: under another name beside it first.
	 * @param content shows the run
	 * @throws LedgerException if the file is there already, or cannot be written
	 */
	void write(Consumer<RunVisitor> content) {
		refuseToReplace();
		Path absolute = this.file.toAbsolutePath();
		Path unfinished = absolute
			.resolveSibling("." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".part");
		try {
			writeTo(unfinished, content);
			refuseToReplace();
			// Within one folder, without an option to replace: a rename, or an error.
			Files.move(unfinished, absolute);
		}
		catch (NoSuchFileException ex) {
			throw new LedgerException(this.file + ": cannot be written: there is no such folder", ex);
		}
		catch (IOException ex) {
			throw new LedgerException(this.file + ": cannot be written: " + ex.getMessage(), ex);
		}
		finally {
			delete(unfinished);
		}
	}

	private void writeTo(Path target, Consumer<RunVisitor> content) throws IOException {
		boolean isDeflated = this.file.getFileName().toString().endsWith(".gz");
		try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING);
				OutputStream file = Channels.newOutputStream(channel);
				OutputStream out = new BufferedOutputStream(isDeflated ? new GZIPOutputStream(file, BUFFER) : file,
						BUFFER)) {
			ExportWriter writer = new ExportWriter(out);
			content.accept(writer);
			writer.end();
			out.flush();
			channel.force(true);
		}
	}

	private void refuseToReplace() {
		if (Files.exists(this.file)) {
			throw new LedgerException(this.file + ": is there already; an export replaces nothing");
		}
	}

	private static void delete(Path unfinished) {
		try {
			Files.deleteIfExists(unfinished);
		}
		catch (IOException ex) {
			// It stays behind under a name that says what it is.
		}
	}

}
