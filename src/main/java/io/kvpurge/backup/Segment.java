package io.kvpurge.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.KeyValue;
import io.kvpurge.store.jsonl.EntryFormatException;
import io.kvpurge.store.jsonl.EntryReader;

/**
 * A file with the entries of one delete, and at its end their number and checksum.
 *
 * @param file where it is
 */
public record Segment(Path file) {

	/** More than the compressed form of a trailer has around it. */
	private static final int TAIL = Trailer.LENGTH + 64;

	/** How many entries it says that it has; looks at nothing else. */
	public long entries() {
		try (RandomAccessFile content = new RandomAccessFile(this.file.toFile(), "r")) {
			byte[] tail = new byte[(int) Math.min(TAIL, content.length())];
			content.seek(content.length() - tail.length);
			content.readFully(tail);
			Trailer trailer = Trailer.last(tail, tail.length);
			if (trailer == null) {
				throw damaged("its end is missing", null);
			}
			return trailer.entries();
		}
		catch (IOException ex) {
			throw damaged("it cannot be read: " + ex.getMessage(), ex);
		}
	}

	/** How large the file is. */
	public long size() {
		try {
			return Files.size(this.file);
		}
		catch (IOException ex) {
			throw damaged("it cannot be read: " + ex.getMessage(), ex);
		}
	}

	/** Whether there is such a file. */
	public boolean exists() {
		return Files.exists(this.file);
	}

	/**
	 * Hands on its entries, one by one, after all of it was found to be as it was
	 * written.
	 * @throws BackupException naming it, if it is not
	 */
	public void forEach(Consumer<KeyValue> consumer) {
		long entries = verified().entries();
		try (EntryReader reader = new EntryReader(Files.newInputStream(this.file), this.file.toString())) {
			for (long i = 0; i < entries; i++) {
				KeyValue entry = reader.next();
				if (entry == null) {
					throw damaged("it has fewer entries than it says", null);
				}
				consumer.accept(entry);
			}
		}
		catch (EntryFormatException ex) {
			throw new BackupException("backup segment " + ex.getMessage(), ex);
		}
		catch (IOException ex) {
			throw damaged("it cannot be read: " + ex.getMessage(), ex);
		}
	}

	/** What its end says, which was found to be true. */
	Trailer verified() {
		if (!exists()) {
			throw new BackupException("backup segment " + this.file + " is missing");
		}
		MessageDigest digest = SegmentWriter.sha256();
		// What may be the trailer is kept back; all before it is entries.
		byte[] buffer = new byte[(1 << 16) + Trailer.LENGTH];
		int held = 0;
		long lines = 0;
		long bytes = 0;
		try (InputStream stream = new GZIPInputStream(Files.newInputStream(this.file), 1 << 16)) {
			for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer, held, buffer.length - held)) {
				int entries = Math.max(0, held + read - Trailer.LENGTH);
				digest.update(buffer, 0, entries);
				lines += SegmentWriter.lines(buffer, entries);
				bytes += entries;
				held = held + read - entries;
				System.arraycopy(buffer, entries, buffer, 0, held);
			}
		}
		catch (IOException ex) {
			throw damaged("it is cut off or damaged"
					+ ((ex.getMessage() != null) ? " (" + ex.getMessage().lines().findFirst().orElse("") + ")" : ""),
					ex);
		}
		Trailer trailer = (held == Trailer.LENGTH) ? Trailer.last(buffer, held) : null;
		if (trailer == null) {
			throw damaged("its end is missing", null);
		}
		if (!trailer.equals(new Trailer(lines, bytes, HexFormat.of().formatHex(digest.digest())))) {
			throw damaged("its checksum does not match its entries", null);
		}
		return trailer;
	}

	private BackupException damaged(String how, @Nullable Throwable cause) {
		return new BackupException("backup segment " + this.file + ": " + how, cause);
	}

	static void force(Path folder) {
		try (java.nio.channels.FileChannel channel = java.nio.channels.FileChannel.open(folder)) {
			channel.force(true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
