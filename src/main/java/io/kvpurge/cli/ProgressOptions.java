package io.kvpurge.cli;

import picocli.CommandLine.Option;

/** How progress is shown. */
final class ProgressOptions {

	/** The ways to show it. */
	enum Style {

		auto, bar, log, none

	}

	@Option(names = "--progress", paramLabel = "STYLE", defaultValue = "auto",
			description = "auto, bar, log or none (default: a bar on a terminal, else a line every few seconds).")
	Style style = Style.auto;

	/** How loading is shown. */
	LoadDisplay loadDisplay(Terminal terminal, long total) {
		return switch (shown(terminal)) {
			case bar -> new LoadDisplay.Bar(terminal.err(), total);
			case log -> new LoadDisplay.Lines(terminal.err(), total, System::nanoTime);
			case none, auto -> LoadDisplay.NONE;
		};
	}

	/**
	 * How a run is shown.
	 * @param done what it does with keys: deleted, say
	 */
	ProgressDisplay display(Terminal terminal, String done) {
		return switch (shown(terminal)) {
			case bar -> new ProgressBarDisplay(terminal.err(), done);
			case log -> new ProgressLines(terminal.err(), done, System::nanoTime);
			case none, auto -> ProgressDisplay.NONE;
		};
	}

	private Style shown(Terminal terminal) {
		if (this.style != Style.auto) {
			return this.style;
		}
		return terminal.interactive() ? Style.bar : Style.log;
	}

}
