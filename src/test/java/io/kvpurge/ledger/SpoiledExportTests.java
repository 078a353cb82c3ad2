package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.testkit.Spoiled;
import io.kvpurge.testkit.Trials;

import static org.assertj.core.api.Assertions.assertThat;

/** The file of an exported run with changes at random places. */
class SpoiledExportTests extends LedgerContract {

	@TempDir
	Path folder;

	@Override
	LedgerDatabase open(Clock clock) {
		return LedgerDatabase.openFile(this.folder.resolve("ledger"), clock);
	}

	@Test
	void isFoundOutOrRefusedInALine() throws IOException {
		RunFence fence = beginWithRanges("cache", 2);
		delete(fence, 1, "größe/😀", "a\"b\\\n\u2028", "");
		delete(fence, 1, "b");
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		RunExport export = new RunExport(this.folder.resolve("run.jsonl"));
		this.ledger.export(fence.run(), export);
		String good = Files.readString(export.file());
		RunExport spoiled = new RunExport(this.folder.resolve("spoiled.jsonl"));
		Trials.of(500, (random) -> {
			byte[] content = Spoiled.bytes(random, good, good);
			Files.write(spoiled.file(), content);
			try {
				boolean isIntact = spoiled.verify().problem() == null;
				assertThat(isIntact && !isSame(content, good)).as("a change that nobody sees").isFalse();
			}
			catch (LedgerException ex) {
				assertThat(ex.getMessage()).startsWith(spoiled.file().toString()).hasLineCount(1);
			}
		});
	}

	private static boolean isSame(byte[] content, String good) {
		return new String(content, StandardCharsets.UTF_8).strip().equals(good.strip());
	}

}
