package io.kvpurge.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.KeyValue;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Unreadable;
import io.kvpurge.store.jsonl.EntryWriter;

/**
 * Writes one segment, entry by entry, under a temporary name. Only {@link #finish} gives
 * it its own, after all of it stands on the disk and was read back. Closing it before
 * removes it.
 */
public final class SegmentWriter implements AutoCloseable {

	/** After so many bytes it is looked again whether the disk has room. */
	private static final long LOOK_EVERY = 16L << 20;

	private final Path file;

	private final Path temporary;

	private final FreeSpace space;

	private final FileChannel channel;

	private final OutputStream buffered;

	private final GZIPOutputStream stream;

	private final MessageDigest digest = sha256();

	private long entries;

	private long bytes;

	private long lookAt = LOOK_EVERY;

	SegmentWriter(Path file, Path temporary, FreeSpace space) throws IOException {
		this.file = file;
		this.temporary = temporary;
		this.space = space;
		this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
		this.buffered = new BufferedOutputStream(Channels.newOutputStream(this.channel), 1 << 16);
		this.stream = new GZIPOutputStream(this.buffered, 1 << 16);
	}

	/**
	 * Adds an entry.
	 * @throws UnsavableEntryException if it would not come back as it is; others may
	 * @throws BackupException if nothing can be written
	 */
	public void add(KeyValue entry) throws UnsavableEntryException {
		byte[] line = line(entry);
		try {
			this.stream.write(line);
			this.digest.update(line);
			this.entries++;
			this.bytes += line.length;
			if (this.bytes >= this.lookAt) {
				this.lookAt = this.bytes + LOOK_EVERY;
				this.space.require();
			}
		}
		catch (IOException ex) {
			throw cannotWrite(ex);
		}
	}

	/**
	 * Ends the segment: all of it is on the disk, and as it was added.
	 * @throws BackupException if it is not
	 */
	public Segment finish() {
		Trailer trailer = new Trailer(this.entries, this.bytes, HexFormat.of().formatHex(this.digest.digest()));
		try {
			this.stream.finish();
			try (PlainGzip end = new PlainGzip(this.buffered)) {
				end.write(trailer.line());
				end.finish();
				this.buffered.flush();
				this.channel.force(true);
			}
			if (!new Segment(this.temporary).verified().equals(trailer)) {
				throw new BackupException("backup segment " + this.temporary + ": it was not written as it was meant");
			}
			Files.move(this.temporary, this.file, StandardCopyOption.ATOMIC_MOVE);
			Segment.force(this.space.folder());
			return new Segment(this.file);
		}
		catch (IOException ex) {
			throw cannotWrite(ex);
		}
		catch (java.io.UncheckedIOException ex) {
			throw cannotWrite(ex.getCause());
		}
	}

	/** Removes what was not finished. */
	@Override
	public void close() {
		try {
			this.channel.close();
			Files.deleteIfExists(this.temporary);
		}
		catch (IOException ex) {
			// The next launch removes it.
		}
	}

	private BackupException cannotWrite(@Nullable IOException ex) {
		String why = (ex != null) ? String.valueOf(ex.getMessage()) : "";
		return new BackupException("cannot write the backup " + this.file + ": " + why.lines().findFirst().orElse("")
				+ ": nothing of it was deleted; make room or mend the disk, then launch again", ex);
	}

	private static byte[] line(KeyValue entry) throws UnsavableEntryException {
		KeyValue saved = entry;
		if (isUnreadable(entry.metadata().value())) {
			if (entry.columns().isEmpty()) {
				throw new UnsavableEntryException("cannot be saved: its metadata cannot be read");
			}
			// The columns hold it as it is.
			saved = new KeyValue(entry.key(), entry.value(), Metadata.ABSENT, entry.expiration(), entry.columns());
		}
		try {
			ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder()
				.encode(java.nio.CharBuffer.wrap(EntryWriter.line(saved) + "\n"));
			byte[] line = new byte[encoded.remaining()];
			encoded.get(line);
			return line;
		}
		catch (CharacterCodingException ex) {
			throw new UnsavableEntryException("cannot be saved: its metadata holds an unpaired surrogate");
		}
	}

	private static boolean isUnreadable(@Nullable Object value) {
		if (value instanceof Map<?, ?> fields) {
			return fields.values().stream().anyMatch(SegmentWriter::isUnreadable);
		}
		if (value instanceof List<?> list) {
			return list.stream().anyMatch(SegmentWriter::isUnreadable);
		}
		boolean noNumber = value instanceof Double number && !Double.isFinite(number);
		return value instanceof Unreadable || noNumber;
	}

	static long lines(byte[] buffer, int length) {
		long lines = 0;
		for (int i = 0; i < length; i++) {
			if (buffer[i] == '\n') {
				lines++;
			}
		}
		return lines;
	}

	static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Gzip that compresses nothing, so that what it holds can be read as it is. */
	private static final class PlainGzip extends GZIPOutputStream {

		PlainGzip(OutputStream stream) throws IOException {
			super(stream);
			this.def.setLevel(Deflater.NO_COMPRESSION);
		}

	}

}
