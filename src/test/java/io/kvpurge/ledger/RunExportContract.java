package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** An exported run says what the ledger says, and nothing in it can be changed unseen. */
abstract class RunExportContract extends LedgerContract {

	@TempDir
	Path folder;

	RunExport export;

	@BeforeEach
	void name() {
		this.export = new RunExport(this.folder.resolve("run.jsonl"));
	}

	/** A run with keys, reasons and a position that are hard to write down. */
	RunFence hardRun() {
		RunFence fence = beginWithRanges("cache", 2);
		delete(fence, 1, "größe/😀", "a\"b\\\n\u2028", "");
		List<Key> keys = new ArrayList<>(keys("x"));
		keys.add(Key.of(new byte[] { 'p', (byte) 0xff, 0 }));
		LedgerCall call = this.ledger.announce(fence, 2, keys);
		this.ledger.settle(fence, call,
				List.of(new KeyOutcome(Outcome.REFUSED, "a \"foreign\" key: größe 😀 \u0001"),
						KeyOutcome.of(Outcome.SPARED)),
				new RangeProgress(new ListingPosition(new Cursor("\"c\""), Key.of("x")),
						new EntryCounts(4, 1, 0, 1, 2, 0, 0, 1, 1), new CallCounts(3, 1, 0, 2),
						Map.of("metadata.'größe' is missing", 1L), false));
		return fence;
	}

	@Test
	void sealedRunIsIntactInItsFile() {
		this.ledger.seal(beginWithRanges("cache", 1), RunState.COMPLETED, "done");
		RunFence fence = hardRun();
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		this.ledger.export(fence.run(), this.export);
		Verification found = this.export.verify();
		assertIntact(found, 2, 2);
		assertThat(found.run().seal()).isEqualTo(this.ledger.find(fence.run()).seal());
		assertThat(found.previousSeal()).isEqualTo(this.ledger.find(new RunId("cache", 1)).seal());
	}

	@Test
	void unsealedRunIsSaidToBeSo() {
		RunFence fence = hardRun();
		this.ledger.announce(fence, 1, keys("in doubt"));
		this.ledger.takeOver(fence.run(), ORIGIN);
		this.ledger.export(fence.run(), this.export);
		Verification found = this.export.verify();
		assertIntact(found, 2, 3);
		assertThat(found.run().seal()).isNull();
		assertThat(found.run().attempts()).isEqualTo(2);
	}

	@Test
	void aPlanAndARunThatAppliesItAreIntactInTheirFiles() {
		RunFence plan = plan("cache");
		this.ledger.seal(plan, RunState.COMPLETED, "planned");
		this.ledger.export(plan.run(), this.export);
		assertIntact(this.export.verify(), 1, 2);
		RunFence applied = this.ledger.begin(new RunIdentity("cache", "digest-of-cache", "{}", "memory:test",
				RunMode.APPLY, AS_OF, plan.run().number()), "name: cache", Guarantee.LIST_THEN_DELETE, true, ORIGIN,
				null);
		this.ledger.seal(applied, RunState.COMPLETED, "done");
		RunExport other = new RunExport(this.folder.resolve("applied.jsonl"));
		this.ledger.export(applied.run(), other);
		assertThat(other.verify().problem()).isNull();
		assertThat(other.verify().run().identity().plan()).isEqualTo(plan.run().number());
	}

	@Test
	void aRestoreIsIntactInItsFile() {
		RestoreTerms terms = new RestoreTerms(1, "metadata.n > 3", true);
		RunFence restore = this.ledger.begin(
				new RunIdentity("cache", "digest-of-cache", "{}", "memory:test", RunMode.RESTORE, AS_OF, null, terms),
				"name: cache", Guarantee.LIST_THEN_DELETE, true, ORIGIN, null);
		this.ledger.seal(restore, RunState.COMPLETED, "restored");
		assertThat(this.ledger.find(restore.run()).identity().restore()).isEqualTo(terms);
		this.ledger.export(restore.run(), this.export);
		assertThat(this.export.verify().problem()).isNull();
		assertThat(this.export.verify().run().identity().restore()).isEqualTo(terms);
		assertThat(this.ledger.verify(restore.run()).problem()).isNull();
		for (String changed : List.of("restores = 2", "restores_where = 'all'", "overwrites = false")) {
			this.jdbc.sql("update purge_run set " + changed + " where number = 1").update();
			assertThat(this.ledger.verify(restore.run()).problem()).as(changed).contains("are not what was sealed");
			this.jdbc.sql("update purge_run set restores = 1, restores_where = 'metadata.n > 3', overwrites = true")
				.update();
		}
	}

	@Test
	void thereMustBeARun() {
		assertThatExceptionOfType(LedgerException.class)
			.isThrownBy(() -> this.ledger.export(new RunId("none", 1), this.export))
			.withMessage("there is no run none.1");
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void damagedRowsAreNotExported() {
		RunFence fence = hardRun();
		this.jdbc.sql("update purge_call set keys_packed = ?").param(new byte[] { 1, 2 }).update();
		assertThatExceptionOfType(LedgerException.class).isThrownBy(() -> this.ledger.export(fence.run(), this.export))
			.withMessageStartingWith("run cache.1 cannot be exported: its rows cannot be read");
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void fileCutOffAnywhereIsNotIntact() throws IOException {
		RunFence fence = hardRun();
		this.ledger.export(fence.run(), this.export);
		byte[] whole = Files.readAllBytes(this.export.file());
		for (int length = ExportLines.TAG.length(); length < whole.length; length++) {
			Files.write(this.export.file(), Arrays.copyOf(whole, length));
			String start = new String(whole, 0, length, StandardCharsets.UTF_8);
			long line = start.chars().filter((next) -> next == '\n').count() + 1;
			assertThat(this.export.verify().problem()).as("%d bytes", length)
				.isEqualTo("line " + line + ": the file is cut off or damaged here");
		}
	}

	@Test
	void everyByteOfAFileCounts() throws IOException {
		RunFence fence = hardRun();
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		this.ledger.export(fence.run(), this.export);
		byte[] whole = Files.readAllBytes(this.export.file());
		for (int place = ExportLines.TAG.length(); place < whole.length; place++) {
			byte[] changed = whole.clone();
			changed[place] ^= (byte) (1 << (place % 7));
			Files.write(this.export.file(), changed);
			assertThat(this.export.verify().isIntact()).as("byte %d", place).isFalse();
		}
	}

	@Test
	void whatFollowsTheEndIsFound() throws IOException {
		this.ledger.export(hardRun().run(), this.export);
		Files.writeString(this.export.file(), Files.readString(this.export.file()) + "\n");
		assertThat(this.export.verify().problem())
			.isEqualTo("line 7: is not what was exported: something follows the end");
	}

}
