package io.kvpurge.cli;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import io.kvpurge.report.ExitCode;

/** Prints what a shell needs to complete command lines. */
@Command(name = "completion", description = "Prints a script by which bash and zsh complete commands and options.",
		footer = { "", "Example:", "  . <(kvpurge completion)" })
final class CompletionCommand implements Callable<Integer> {

	private final CommandServices services;

	@Mixin
	private CommonOptions common = new CommonOptions();

	@Spec
	private @Nullable CommandSpec spec;

	CompletionCommand(CommandServices services) {
		this.services = services;
	}

	@Override
	public Integer call() {
		if (this.spec == null) {
			throw new IllegalStateException("picocli sets the spec");
		}
		String script = AutoComplete.bash("kvpurge", this.spec.root().commandLine());
		new Message(this.services.terminal(), this.common.json).show(ExitCode.COMPLETED, script.stripTrailing());
		return ExitCode.COMPLETED.status();
	}

}
