package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract once more, in memory: so fast that each mutant can be judged by it. And
 * what is said of a file, whatever the database.
 */
class MemoryRunExportTests extends RunExportContract {

	@Override
	LedgerDatabase open(Clock clock) {
		return MemoryLedger.open(clock);
	}

	/** A run, range 1, its call, range 2, its call, the end. */
	private String problemOf(Consumer<List<String>> change) throws IOException {
		Files.deleteIfExists(this.export.file());
		this.ledger.export(new RunId("cache", 1), this.export);
		List<String> lines = new ArrayList<>(Files.readAllLines(this.export.file()));
		assertThat(lines).hasSize(6);
		change.accept(lines);
		Files.writeString(this.export.file(), String.join("\n", lines) + "\n");
		return this.export.verify().problem();
	}

	@Test
	void aChangedLineIsNamedWithWhatIsWrong() throws IOException {
		this.ledger.seal(hardRun(), RunState.COMPLETED, "done");
		assertThat(problemOf((lines) -> {
		})).isNull();
		assertThat(problemOf((lines) -> lines.add(3, lines.get(2))))
			.isEqualTo("range-00001 of run cache.1, call 1: is there twice");
		assertThat(problemOf((lines) -> Collections.swap(lines, 2, 4)))
			.isEqualTo("range-00001 of run cache.1, call 1: belongs to range 2");
	}

	@Test
	void linesInAnotherOrderAreFound() throws IOException {
		hardRun();
		assertThat(problemOf((lines) -> Collections.swap(lines, 1, 3)))
			.isEqualTo("line 2: is not what was exported: expected range 1, but found 2");
		assertThat(problemOf((lines) -> Collections.swap(lines, 1, 2)))
			.isEqualTo("line 2: is not what was exported: a call before the first range");
		assertThat(problemOf((lines) -> lines.remove(4)))
			.startsWith("line 5: is not what was exported: it differs from column ");
		assertThat(problemOf((lines) -> lines.subList(3, 5).clear()))
			.startsWith("line 4: is not what was exported: it differs from column ");
	}

	@Test
	void whatMeansTheSameButIsWrittenOtherwiseIsFoundAtItsColumn() throws IOException {
		hardRun();
		for (int line = 2; line <= 6; line++) {
			int place = line - 1;
			assertThat(problemOf((lines) -> lines.set(place, "{ " + lines.get(place).substring(1)))).as("line %d", line)
				.isEqualTo("line " + line + ": is not what was exported: it differs from column 2");
			String[] last = new String[1];
			assertThat(problemOf((lines) -> {
				last[0] = lines.get(place);
				lines.set(place, last[0] + " ");
			})).isEqualTo(
					"line " + line + ": is not what was exported: it differs from column " + (last[0].length() + 1));
		}
	}

	@Test
	void aFileThatIsNoTextIsSaidToBeSo() throws IOException {
		this.ledger.export(hardRun().run(), this.export);
		byte[] bytes = Files.readAllBytes(this.export.file());
		int place = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\n") + 5;
		bytes[place] = (byte) 0xff;
		Files.write(this.export.file(), bytes);
		assertThat(this.export.verify().problem()).isEqualTo("line 2: is not UTF-8 text");
	}

	@Test
	void aPrunedRunIsIntactInItsFileAndNoCallCanBePutIntoIt() throws IOException {
		RunFence fence = hardRun();
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		this.ledger.export(fence.run(), this.export);
		String call = Files.readAllLines(this.export.file()).get(2);
		this.ledger.prune("cache", Instant.parse("2100-01-01T00:00:00Z"));
		RunExport pruned = new RunExport(this.folder.resolve("pruned.jsonl"));
		this.ledger.export(fence.run(), pruned);
		assertIntact(pruned.verify(), 2, 0);
		List<String> lines = new ArrayList<>(Files.readAllLines(pruned.file()));
		lines.add(2, call);
		Files.write(pruned.file(), lines);
		assertThat(pruned.verify().problem())
			.isEqualTo("range-00001 of run cache.1, call 1: is there, though the calls of the range were pruned");
	}

	@Test
	void aNameThatEndsInGzIsDeflated() throws IOException {
		RunExport deflated = new RunExport(this.folder.resolve("run.jsonl.gz"));
		RunFence fence = hardRun();
		this.ledger.export(fence.run(), deflated);
		this.ledger.export(fence.run(), this.export);
		assertThat(Files.readAllBytes(deflated.file())).startsWith(0x1f, 0x8b);
		assertThat(Files.size(deflated.file())).isLessThan(Files.size(this.export.file()));
		assertIntact(deflated.verify(), 2, 2);
		Files.move(deflated.file(), this.folder.resolve("renamed"));
		assertIntact(new RunExport(this.folder.resolve("renamed")).verify(), 2, 2);
	}

	@Test
	void onlyWhatBeginsAsAnExportIsOne() throws IOException {
		assertThat(this.export.isExport()).isFalse();
		assertThatExceptionOfType(LedgerException.class).isThrownBy(this.export::verify)
			.withMessage(this.export.file() + ": there is no such file");
		assertThat(new RunExport(this.folder).isExport()).as("a folder").isFalse();
		Files.write(this.export.file(), new byte[] { 0x1f, (byte) 0x8b, 1, 2, 3 });
		assertThat(this.export.isExport()).as("damaged").isFalse();
		Files.writeString(this.export.file(), "\u001fname: cache\n");
		assertThat(this.export.isExport()).as("something else").isFalse();
		assertThatExceptionOfType(LedgerException.class).isThrownBy(this.export::verify)
			.withMessage(this.export.file() + ": is no run that 'audit RUN --export' wrote");
		Files.delete(this.export.file());
		this.ledger.export(hardRun().run(), this.export);
		assertThat(this.export.isExport()).isTrue();
	}

	@Test
	void nothingIsReplaced() throws IOException {
		RunFence fence = hardRun();
		Files.writeString(this.export.file(), "mine");
		assertThatExceptionOfType(LedgerException.class).isThrownBy(() -> this.ledger.export(fence.run(), this.export))
			.withMessage(this.export.file() + ": is there already; an export replaces nothing");
		RunExport meanwhile = new RunExport(this.folder.resolve("meanwhile"));
		assertThatExceptionOfType(LedgerException.class).isThrownBy(() -> meanwhile.write((visitor) -> {
			visitor.run(new RecordedRun(this.ledger.find(fence.run()), List.of(), null));
			try {
				Files.writeString(meanwhile.file(), "theirs");
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		})).withMessage(meanwhile.file() + ": is there already; an export replaces nothing");
		assertThat(this.folder).isDirectoryNotContaining("glob:**.part");
		assertThat(meanwhile.file()).hasContent("theirs");
		assertThat(this.export.file()).hasContent("mine");
		assertThatExceptionOfType(LedgerException.class)
			.isThrownBy(() -> this.ledger.export(fence.run(), new RunExport(this.folder.resolve("none/run"))))
			.withMessageEndingWith("cannot be written: there is no such folder");
	}

}
