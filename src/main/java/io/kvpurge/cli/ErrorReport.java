package io.kvpurge.cli;

import java.io.UncheckedIOException;
import java.util.List;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import io.kvpurge.broker.BrokerException;
import io.kvpurge.broker.BrokerRefusedException;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.job.HeldException;
import io.kvpurge.job.OutsideWindowException;
import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.LedgerException;
import io.kvpurge.ledger.LedgerUnavailableException;
import io.kvpurge.report.ExitCode;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreException;

/**
 * Says what went wrong, in lines for people or in one JSON object, and which exit status
 * it means. A stack trace is shown for a defect of kvpurge only.
 */
final class ErrorReport {

	private final Terminal terminal;

	private final boolean json;

	ErrorReport(Terminal terminal, boolean json) {
		this.terminal = terminal;
		this.json = json;
	}

	int usage(List<String> lines) {
		return report(ExitCode.USAGE, lines);
	}

	int failure(Exception failure) {
		Said said = said(failure);
		if (said.defect()) {
			failure.printStackTrace(this.terminal.err());
		}
		return report(said.code(), said.lines());
	}

	/** What a failure means. */
	static Said said(Exception failure) {
		if (failure instanceof DefinitionException problems) {
			return new Said(ExitCode.USAGE, problems.problems());
		}
		if (failure instanceof InvalidStoreException) {
			return new Said(ExitCode.USAGE, List.of(message(failure)));
		}
		if (failure instanceof HeldException || failure instanceof OutsideWindowException) {
			return new Said(ExitCode.STOPPED, List.of(message(failure)));
		}
		if (failure instanceof DatabaseBusyException) {
			return new Said(ExitCode.BUSY, List.of(message(failure)));
		}
		if (failure instanceof FencedException) {
			return new Said(ExitCode.FAILED,
					List.of(message(failure) + "; nothing more was deleted (launch again: the run is carried on)"));
		}
		if (failure instanceof StoreException) {
			return new Said(ExitCode.FAILED, List.of(message(failure) + " (launching again may help)"));
		}
		if (failure instanceof BrokerRefusedException) {
			return new Said(ExitCode.USAGE, List.of(message(failure)));
		}
		if (failure instanceof BrokerException) {
			return new Said(ExitCode.FAILED, List.of(message(failure) + " (launching again may help)"));
		}
		if (failure instanceof LedgerUnavailableException) {
			return new Said(ExitCode.FAILED, List.of(message(failure) + " (nothing was touched: launch again)"));
		}
		if (failure instanceof LedgerException || failure instanceof UncheckedIOException) {
			return new Said(ExitCode.USAGE, List.of(message(failure)));
		}
		if (failure instanceof DataAccessException || failure instanceof TransactionException) {
			return new Said(ExitCode.FAILED, List.of("the ledger's database failed: " + innermost(failure)
					+ " (nothing is lost: launch again once it works)"));
		}
		return new Said(ExitCode.FAILED, List.of("unexpected: " + failure), true);
	}

	private int report(ExitCode code, List<String> lines) {
		lines.forEach((line) -> this.terminal.err().println("kvpurge: " + line));
		if (this.json) {
			this.terminal.out().println(Message.object(code, lines.get(0), lines));
		}
		return code.status();
	}

	private static String innermost(Exception failure) {
		return Message.firstLine(NestedExceptionUtils.getMostSpecificCause(failure));
	}

	private static String message(Exception failure) {
		String message = failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

	/**
	 * What people are told of a failure.
	 *
	 * @param code the exit status
	 * @param lines one or more
	 * @param defect whether it is one of kvpurge's own
	 */
	record Said(ExitCode code, List<String> lines, boolean defect) {

		private Said(ExitCode code, List<String> lines) {
			this(code, lines, false);
		}

	}

}
