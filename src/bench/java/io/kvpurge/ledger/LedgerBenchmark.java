package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.util.FileSystemUtils;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

/** What the ledger takes for calls of 10,000 keys; time for each key. */
@State(Scope.Benchmark)
public class LedgerBenchmark {

	private static final int KEYS = 10_000;

	private final List<Key> keys = IntStream.range(0, KEYS).mapToObj((i) -> Key.of("key/%09d".formatted(i))).toList();

	private final List<KeyOutcome> deleted = Collections.nCopies(KEYS, KeyOutcome.of(Outcome.DELETED));

	private Path folder;

	private LedgerDatabase database;

	private RunFence fence;

	private RangeProgress progress;

	@Setup
	public void open() throws IOException {
		this.folder = Files.createTempDirectory("kvpurge-bench");
		this.database = LedgerDatabase.openFile(this.folder.resolve("ledger"), Clock.systemUTC());
		this.fence = this.database.ledger()
			.begin(new RunIdentity("bench", "digest", "{}", "memory:bench", RunMode.PURGE,
					Instant.parse("2026-02-01T10:00:00Z")), "name: bench", Guarantee.LIST_THEN_DELETE, true,
					new RunOrigin("bench", "localhost", 1, "bench"), null);
		this.progress = this.database.ledger()
			.saveRanges(this.fence, List.of(KeyRange.of(Key.of("key/"))))
			.get(0)
			.progress();
	}

	/** Packed as they stand in a call's row. */
	@Benchmark
	@OperationsPerInvocation(KEYS)
	public byte[] pack() {
		return KeyCodec.pack(this.keys);
	}

	/** Written down, forced to the disk, and settled: as a run does it for each call. */
	@Benchmark
	@OperationsPerInvocation(KEYS)
	public void announceAndSettle() {
		DeletionLedger ledger = this.database.ledger();
		LedgerCall call = ledger.announce(this.fence, 1, this.keys);
		this.progress = new RangeProgress(new ListingPosition(null, this.keys.get(KEYS - 1)),
				this.progress.counts().plus(new EntryCounts(KEYS, 0, 0, 0, KEYS, KEYS, 0, 0, 0)),
				this.progress.calls().plus(new CallCounts(10, 1, 0, 0)), Map.of(), false);
		ledger.settle(this.fence, call, this.deleted, this.progress);
	}

	@TearDown
	public void close() throws IOException {
		this.database.close();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
