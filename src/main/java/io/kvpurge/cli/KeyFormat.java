package io.kvpurge.cli;

import java.io.PrintStream;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;

/** The forms in which the keys of a run are written for machines. */
enum KeyFormat {

	jsonl {

		@Override
		KeyLines lines(PrintStream out, OpenedRun opened) {
			return KeyLines.json(out, opened.run(), opened.ledger().attempts(opened.run().id()));
		}

	},
	csv {

		@Override
		KeyLines lines(PrintStream out, OpenedRun opened) {
			return KeyLines.csv(out, opened.run(), opened.ledger().attempts(opened.run().id()));
		}

	};

	abstract KeyLines lines(PrintStream out, OpenedRun opened);

	/** Writes each key of the run and what became of it, one call at a time. */
	void write(PrintStream out, OpenedRun opened) {
		try (KeyLines lines = lines(out, opened)) {
			opened.ledger().outcomes(opened.run(), lines::write);
		}
	}

	/**
	 * @throws DefinitionException if both forms are asked for
	 */
	static void refuseJson(@Nullable KeyFormat format, CommonOptions common) {
		if (format != null && common.json) {
			throw new DefinitionException(
					List.of("--format does not go with --json: its lines are for machines already"));
		}
	}

}
