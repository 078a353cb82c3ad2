package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;

/**
 * Which keys of a range were counted, for a store whose listing may show a key again:
 * those that stay, in a file that outlives the process, and those that go until no page
 * that was listed before is left to be read. Confined to the thread of the range.
 *
 * <p>
 * The file has the fingerprints of the keys that the ledger counts and that did not go:
 * as many as its counts say, in the order in which they were counted. What a process that
 * was killed wrote beyond that is cut off.
 */
final class CountedKeys implements CountedOnce, AutoCloseable {

	private static final int AT_ONCE = 1 << 12;

	private final Fingerprint.Taker fingerprints = new Fingerprint.Taker();

	private final Path file;

	private final FileChannel channel;

	private FingerprintTable staying;

	/** How many the ledger knows of. */
	private long saved;

	/** Those that stay behind the saved position, in the order of their judgement. */
	private final List<Fingerprint> unsaved = new ArrayList<>();

	/** Those that go, the first judged first. */
	private final LinkedHashSet<Key> going = new LinkedHashSet<>();

	/** How many that went were forgotten, of all that matched. */
	private long forgotten;

	private final Deque<Settled> settled = new ArrayDeque<>();

	private CountedKeys(Path file, FileChannel channel) throws IOException {
		this.file = file;
		this.channel = channel;
		this.staying = new FingerprintTable(table(file));
	}

	/** What stands beside the file. */
	static Path table(Path file) {
		return file.resolveSibling(file.getFileName() + ".table");
	}

	/**
	 * Opens what was remembered of a range.
	 * @param file where it stands; the table stands beside it
	 */
	static CountedKeys open(Path file) {
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
					StandardOpenOption.WRITE);
			return new CountedKeys(file, channel);
		}
		catch (IOException ex) {
			throw failure(file, ex);
		}
	}

	/**
	 * Recalls those that stay.
	 * @param counts up to the saved position
	 * @return false if not all of them are there, as on another machine or after a power
	 * cut: then none are
	 */
	boolean recall(EntryCounts counts) {
		long count = stayed(counts);
		try {
			this.forgotten = counts.matched();
			if (this.channel.size() >= count * Fingerprint.SIZE && readAll(count)) {
				truncate(count);
				return true;
			}
			this.staying = new FingerprintTable(table(this.file));
			truncate(0);
			return false;
		}
		catch (IOException ex) {
			throw failure(this.file, ex);
		}
	}

	private boolean readAll(long count) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(AT_ONCE * Fingerprint.SIZE);
		this.channel.position(0);
		for (long read = 0; read < count;) {
			buffer.clear().limit((int) Math.min(AT_ONCE, count - read) * Fingerprint.SIZE);
			while (buffer.hasRemaining()) {
				if (this.channel.read(buffer) < 0) {
					throw new IOException("it became shorter");
				}
			}
			buffer.flip();
			for (; buffer.hasRemaining(); read++) {
				Fingerprint one = new Fingerprint(buffer.getLong(), buffer.getLong());
				// Zeros are what a file system shows of what it lost.
				if (one.isNone() || this.staying.contains(one)) {
					return false;
				}
				this.staying.add(one);
			}
		}
		return true;
	}

	private void truncate(long count) throws IOException {
		this.saved = count;
		this.channel.truncate(count * Fingerprint.SIZE);
		this.channel.position(count * Fingerprint.SIZE);
	}

	/**
	 * One that went and is shown by a page that was asked for later was written anew: it
	 * was not counted.
	 */
	@Override
	public boolean isCounted(Key key, Instant listedAt) {
		for (Settled first = this.settled.peek(); first != null
				&& first.at().isBefore(listedAt); first = this.settled.peek()) {
			forget(this.settled.remove().matched());
		}
		return this.going.contains(key)
				|| (!this.staying.isEmpty() && this.staying.contains(this.fingerprints.of(key)));
	}

	private void forget(long upTo) {
		Iterator<Key> oldest = this.going.iterator();
		for (; this.forgotten < upTo && oldest.hasNext(); this.forgotten++) {
			oldest.next();
			oldest.remove();
		}
	}

	@Override
	public void stays(Key key) {
		Fingerprint fingerprint = this.fingerprints.of(key);
		add(fingerprint);
		this.unsaved.add(fingerprint);
	}

	@Override
	public void goes(Key key) {
		this.going.add(key);
	}

	/**
	 * Recalls those that were found, from the ledger.
	 * @return how many there are
	 */
	long recallFound(DeletionLedger ledger, LedgerRange range) {
		long found = 0;
		int sequence = 1;
		for (LedgerCall call = ledger.call(range.run(), range.number(), sequence); call != null
				&& call.isPlanned(); call = ledger.call(range.run(), range.number(), ++sequence)) {
			call.keys().forEach(this::stays);
			found += call.keys().size();
		}
		return found;
	}

	private static long stayed(EntryCounts counts) {
		return counts.listed() - counts.deleted() - counts.vanished();
	}

	/**
	 * Writes down the first of those that stay, and others that were to go and stayed.
	 */
	@Override
	public void save(EntryCounts counts, List<Key> keys, List<KeyOutcome> outcomes) {
		List<Key> leftThere = IntStream.range(0, keys.size()).filter((i) -> {
			Outcome outcome = outcomes.get(i).outcome().counted();
			return outcome == Outcome.SPARED || outcome == Outcome.REFUSED;
		}).mapToObj(keys::get).toList();
		long added = stayed(counts) - this.saved;
		List<Fingerprint> first = this.unsaved.subList(0, (int) (added - leftThere.size()));
		List<Fingerprint> all = new ArrayList<>(first);
		first.clear();
		for (Key key : leftThere) {
			Fingerprint fingerprint = this.fingerprints.of(key);
			add(fingerprint);
			all.add(fingerprint);
		}
		ByteBuffer buffer = ByteBuffer.allocate(all.size() * Fingerprint.SIZE);
		all.forEach((one) -> buffer.putLong(one.high()).putLong(one.low()));
		buffer.flip();
		try {
			while (buffer.hasRemaining()) {
				this.channel.write(buffer);
			}
		}
		catch (IOException ex) {
			throw failure(this.file, ex);
		}
		this.saved = stayed(counts);
	}

	@Override
	public void settled(long matched, Instant now) {
		this.settled.add(new Settled(now, matched));
	}

	@Override
	public void rewind(long matched) {
		this.unsaved.forEach(this.staying::remove);
		this.unsaved.clear();
		this.going.clear();
		this.settled.clear();
		this.forgotten = matched;
	}

	private void add(Fingerprint fingerprint) {
		try {
			this.staying.add(fingerprint);
		}
		catch (IOException ex) {
			throw failure(this.file, ex);
		}
	}

	private static UncheckedIOException failure(Path file, IOException cause) {
		return new UncheckedIOException("cannot remember in " + file + " which keys were counted: " + cause, cause);
	}

	@Override
	public void close() {
		try (this.channel) {
			this.staying.close();
		}
		catch (IOException ex) {
			throw failure(this.file, ex);
		}
	}

	/**
	 * A call was settled.
	 *
	 * @param at when
	 * @param matched how many had matched up to its last key
	 */
	private record Settled(Instant at, long matched) {

	}

}
