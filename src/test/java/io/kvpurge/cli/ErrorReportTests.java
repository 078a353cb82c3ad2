package io.kvpurge.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorReportTests {

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private final PrintStream stream = new PrintStream(this.err, true, StandardCharsets.UTF_8);

	private final ErrorReport report = new ErrorReport(
			new Terminal(new ByteArrayInputStream(new byte[0]), this.stream, this.stream, false), false);

	@Test
	void aLedgerThatCannotBeWrittenIsToldInOneLine() {
		int status = this.report.failure(new DataAccessResourceFailureException("the database has been closed",
				new IllegalStateException("write failed", new IOException("No space left on device"))));
		assertThat(status).isEqualTo(1);
		assertThat(text()).isEqualTo("kvpurge: the ledger's database failed: No space left on device"
				+ " (nothing is lost: launch again once it works)\n");
	}

	@Test
	void aDefectIsShownWithItsStack() {
		assertThat(this.report.failure(new IllegalStateException("surprise"))).isEqualTo(1);
		assertThat(text()).contains("\tat " + getClass().getName())
			.endsWith("kvpurge: unexpected: java.lang.IllegalStateException: surprise\n");
	}

	private String text() {
		return this.err.toString(StandardCharsets.UTF_8);
	}

}
