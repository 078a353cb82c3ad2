package io.kvpurge.ledger;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Shows an exported run, one line at a time. A line must be exactly what would be written
 * for what it says, so that no change in it goes unseen, not even one without a meaning.
 */
final class ExportReader {

	private final InputStream in;

	private long lineNumber;

	private int ranges;

	private long calls;

	private @Nullable RecordedRun recorded;

	ExportReader(InputStream in) {
		this.in = in;
	}

	/**
	 * Shows the run as far as it can be read.
	 * @throws IOException if the file, and not what is in it, is at fault
	 */
	void read(LedgerVerifier verifier) throws IOException {
		try {
			boolean isEnded = false;
			while (verifier.wantsMore() && !isEnded) {
				isEnded = show(verifier, next());
			}
			if (isEnded && this.in.read() >= 0) {
				this.lineNumber++;
				throw new IllegalArgumentException("something follows the end");
			}
		}
		catch (EOFException | ZipException ex) {
			verifier.fail("line " + this.lineNumber + ": the file is cut off or damaged here");
		}
		catch (CharacterCodingException ex) {
			verifier.fail("line " + this.lineNumber + ": is not UTF-8 text");
		}
		catch (RuntimeException ex) {
			verifier.fail("line " + this.lineNumber + ": is not what was exported: " + LedgerException.firstLine(ex));
		}
	}

	/** Shows what a line says; whether it is the last one. */
	private boolean show(RunVisitor visitor, String line) {
		JsonNode json = ExportLines.parse(line);
		RecordedRun run = this.recorded;
		if (run == null) {
			run = ExportLines.run(json);
			requireSame(line, ExportLines.run(run));
			this.recorded = run;
			visitor.run(run);
			return false;
		}
		if (json.has("end")) {
			requireSame(line, ExportLines.end(run.id(), this.ranges, this.calls));
			return true;
		}
		if (json.has("call")) {
			StoredCall call = ExportLines.call(run.id(), json);
			requireSame(line, ExportLines.call(call));
			if (this.ranges == 0) {
				throw new IllegalArgumentException("a call before the first range");
			}
			this.calls++;
			visitor.call(call);
			return false;
		}
		StoredRange range = ExportLines.range(run.id(), json);
		requireSame(line, ExportLines.range(range));
		this.ranges++;
		if (range.number() != this.ranges) {
			throw new IllegalArgumentException("expected range " + this.ranges + ", but found " + range.number());
		}
		visitor.range(range);
		return false;
	}

	private static void requireSame(String line, String written) {
		if (!line.equals(written)) {
			int place = 0;
			while (place < Math.min(line.length(), written.length()) && line.charAt(place) == written.charAt(place)) {
				place++;
			}
			throw new IllegalArgumentException("it differs from column " + (place + 1));
		}
	}

	/** The next line, without its end. */
	private String next() throws IOException {
		this.lineNumber++;
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next < 0) {
				throw new EOFException();
			}
			bytes.write(next);
		}
		return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
	}

}
