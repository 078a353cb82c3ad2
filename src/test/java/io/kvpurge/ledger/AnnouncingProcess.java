package io.kvpurge.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.testkit.ChildJvm;

/** A process that opens a ledger and announces calls until it is killed. */
final class AnnouncingProcess {

	/** What it says once the ledger is open. */
	static final String OPEN = "open";

	/** What it says before the sequence of each call that is committed. */
	static final String ANNOUNCED = "announced ";

	private static final int KEYS = 50;

	private AnnouncingProcess() {
	}

	/** Starts it on this file. */
	static ProcessBuilder on(Path file) {
		List<String> command = ChildJvm.command(ChildJvm.SHORT_LIVED);
		command.addAll(List.of(AnnouncingProcess.class.getName(), file.toString()));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
	}

	static List<Key> keys(int sequence) {
		return IntStream.range(0, KEYS).mapToObj((i) -> Key.of("page/" + sequence + "/" + i)).toList();
	}

	public static void main(String[] arguments) {
		DeletionLedger ledger = LedgerDatabase.openFile(Path.of(arguments[0]), Clock.systemUTC()).ledger();
		RunIdentity identity = new RunIdentity("cache", "digest", "{}", "memory:test", RunMode.PURGE, Instant.EPOCH);
		RunFence fence = ledger.begin(identity, "name: cache", Guarantee.LIST_THEN_DELETE, true,
				new RunOrigin("jane", "host", 1, "0"), null);
		ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
		System.out.println(OPEN);
		for (int sequence = 1;; sequence++) {
			ledger.announce(fence, 1, keys(sequence));
			System.out.println(ANNOUNCED + sequence);
		}
	}

}
