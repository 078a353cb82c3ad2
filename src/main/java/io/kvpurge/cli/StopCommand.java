package io.kvpurge.cli;

import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.job.Hold;
import io.kvpurge.job.Home;
import io.kvpurge.job.LiveRun;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.report.ExitCode;

/** Stops what runs and holds it. */
@Command(name = "stop", description = { "Stops a definition's run and holds the definition.",
		"The run ends at its next chunk; a scheduler's 'run' answers 3 until 'resume'." })
final class StopCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Parameters(index = "0", arity = "0..1", paramLabel = "RUN",
			description = "The definition's FILE or NAME, or a run NAME.N.")
	private @Nullable String run;

	@Option(names = "--all", description = "All definitions of this home.")
	private boolean all;

	StopCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		String reference = this.run;
		if (this.all == (reference != null)) {
			throw new DefinitionException(List.of("what to stop is missing: give FILE, RUN or --all"));
		}
		Home home = this.services.home(this.common);
		RunOrigin origin = this.services.origin();
		String text = "stopped by " + origin.user() + " on " + origin.host() + " at " + this.services.clock().instant();
		String what = "all definitions";
		Hold hold = home.hold();
		@Nullable LiveRun live = null;
		if (reference != null) {
			what = RunReference.parse(reference).definition();
			hold = home.definition(what).hold();
			live = home.definition(what).live();
			if (!home.definition(what).hasLedger()) {
				this.services.terminal().err().println("kvpurge: " + what + " has not run yet in " + home.location());
			}
		}
		hold.set(text);
		new Message(this.services.terminal(), this.common.json).show(ExitCode.COMPLETED, what + " held"
				+ ((live != null) ? ", run " + live.run() + " (pid " + live.pid() + ") stops at its next chunk" : "")
				+ "; 'kvpurge resume " + ((reference != null) ? what : "--all") + "' lifts it");
		return ExitCode.COMPLETED.status();
	}

}
