package io.kvpurge.ledger;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/** Writes a run that it is shown, line by line. */
final class ExportWriter implements RunVisitor {

	private final OutputStream out;

	private @Nullable RecordedRun recorded;

	private int ranges;

	private long calls;

	ExportWriter(OutputStream out) {
		this.out = out;
	}

	@Override
	public void run(RecordedRun shown) {
		this.recorded = shown;
		line(ExportLines.run(shown));
	}

	@Override
	public void range(StoredRange range) {
		this.ranges++;
		line(ExportLines.range(range));
	}

	@Override
	public void call(StoredCall call) {
		this.calls++;
		line(ExportLines.call(call));
	}

	/** Writes the last line, which says how many there are. */
	void end() {
		if (this.recorded == null) {
			throw new IllegalStateException("no run was shown");
		}
		line(ExportLines.end(this.recorded.id(), this.ranges, this.calls));
	}

	private void line(String line) {
		try {
			this.out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
