package io.kvpurge.ledger;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever somebody does to a sealed run or its file, short of a new seal, is found. How
 * much is tried: {@code -Dkvpurge.mutations}; a failure names its seed.
 */
abstract class MutationContract extends LedgerContract {

	/** Tables and files are tried on each of the two databases. */
	private static final int TRIALS = Math.max(1, Integer.getInteger("kvpurge.mutations", 60) / 4);

	@TempDir
	Path folder;

	/** A pruned run, two sealed ones of several attempts, and one that is not sealed. */
	@BeforeEach
	void writeRuns() {
		for (int i = 1; i <= 4; i++) {
			RunFence fence = beginWithRanges("cache", 3);
			delete(fence, 1, "a" + i, "ä" + i, "b");
			delete(fence, 1, "c" + i, "d");
			delete(fence, 1, "e");
			fence = this.ledger.takeOver(fence.run(), new RunOrigin("joe", "host-2", 9, "0.2.0"));
			refuse(fence);
			if (i == 3) {
				this.ledger.announce(fence, 3, List.of(Key.of("doubt"), Key.of(new byte[] { (byte) 0xff })));
			}
			if (i < 4) {
				this.ledger.seal(fence, (i == 3) ? RunState.SUPERSEDED : RunState.COMPLETED, "done");
			}
			if (i == 2) {
				this.ledger.seal(plan("cache"), RunState.COMPLETED, "planned");
				RunFence applied = this.ledger.begin(
						new RunIdentity("cache", "digest-of-cache", "{}", "memory:test", RunMode.APPLY, AS_OF, 3),
						"name: cache", Guarantee.LIST_THEN_DELETE, true, ORIGIN, null);
				this.ledger.seal(applied, RunState.COMPLETED, "done");
			}
			if (i == 1) {
				this.ledger.prune("cache", Instant.parse("2100-01-01T00:00:00Z"));
			}
		}
	}

	private void refuse(RunFence fence) {
		LedgerCall call = this.ledger.announce(fence, 2, keys("x", "y", "z"));
		this.ledger.settle(fence, call,
				List.of(new KeyOutcome(Outcome.REFUSED, "foreign"), KeyOutcome.of(Outcome.SPARED),
						KeyOutcome.of(Outcome.INFERRED)),
				new RangeProgress(new ListingPosition(null, Key.of("z")), new EntryCounts(4, 1, 0, 0, 3, 1, 0, 1, 1),
						new CallCounts(1, 1, 1, 0), Map.of("metadata.x is missing", 1L), true));
	}

	private RunId sealedRun(Random random) {
		return new RunId("cache", 1 + random.nextInt(5));
	}

	@Test
	void everyMutationOfTheTablesIsFound() {
		TransactionTemplate trial = new TransactionTemplate(new JdbcTransactionManager(this.database.dataSource()));
		Tally tally = new Tally();
		for (long seed = 1; tally.found < TRIALS; seed++) {
			long number = seed;
			trial.executeWithoutResult((status) -> {
				mutateTables(number, tally);
				status.setRollbackOnly();
			});
			assertThat(tally.skipped).as("skipped, up to seed %d", seed).isLessThan(5 * TRIALS + 50);
		}
		System.out.println(getClass().getSimpleName() + ", tables: " + tally);
		for (int i = 1; i <= 6; i++) {
			assertThat(this.ledger.verify(new RunId("cache", i)).problem()).as("undone").isNull();
		}
	}

	private void mutateTables(long seed, Tally tally) {
		Random random = new Random(seed);
		RunId run = sealedRun(random);
		LedgerMutator mutator = new LedgerMutator(this.jdbc, random, run);
		String before = mutator.covered();
		String what;
		try {
			what = mutator.mutate();
			if (mutator.covered().equals(before)) {
				tally.skipped++;
				return;
			}
		}
		catch (DataAccessException ex) {
			// The tables themselves refuse it.
			tally.skipped++;
			return;
		}
		assertThat(this.ledger.verify(run).problem()).as("seed %d, %s: %s", seed, run, what).isNotNull();
		tally.found++;
	}

	@Test
	void everyMutationOfAFileIsFound() throws IOException {
		Tally tally = new Tally();
		for (long seed = 1; tally.found < TRIALS; seed++) {
			Random random = new Random(seed);
			RunExport export = new RunExport(this.folder.resolve("run-" + seed + (random.nextBoolean() ? "" : ".gz")));
			this.ledger.export(sealedRun(random), export);
			assertThat(export.verify().problem()).isNull();
			byte[] before = inflated(Files.readAllBytes(export.file()));
			String what = mutateFile(random, export, before);
			byte[] after = inflated(Files.readAllBytes(export.file()));
			if (Arrays.equals(before, after)) {
				tally.skipped++;
			}
			else {
				assertThat(isFound(export)).as("seed %d, %s: %s", seed, export.file().getFileName(), what).isTrue();
				tally.found++;
			}
			Files.delete(export.file());
		}
		System.out.println(getClass().getSimpleName() + ", files: " + tally);
	}

	private static String mutateFile(Random random, RunExport export, byte[] text) throws IOException {
		if (random.nextInt(4) == 0) {
			Files.write(export.file(), ExportMutator.damaged(random, Files.readAllBytes(export.file())));
			return "damaged";
		}
		ExportMutator mutator = new ExportMutator(random, new String(text, StandardCharsets.UTF_8));
		String what = mutator.mutate();
		Files.writeString(export.file(), mutator.text());
		return what;
	}

	/** The first line may be damaged so that the file is none at all. */
	private static boolean isFound(RunExport export) {
		try {
			return !export.verify().isIntact();
		}
		catch (LedgerException ex) {
			return true;
		}
	}

	/** What is in a file; null if it cannot be inflated. */
	private static byte[] inflated(byte[] bytes) {
		if (bytes.length < 2 || bytes[0] != 0x1f || bytes[1] != (byte) 0x8b) {
			return bytes;
		}
		try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
			return in.readAllBytes();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/** How many mutations were found, and how many changed nothing. */
	private static final class Tally {

		private int found;

		private int skipped;

		@Override
		public String toString() {
			return this.found + " mutations found, " + this.skipped + " changed nothing";
		}

	}

}
