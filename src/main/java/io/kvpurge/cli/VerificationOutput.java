package io.kvpurge.cli;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.Verification;
import io.kvpurge.report.ExitCode;

/**
 * Says what verifying a run found.
 *
 * @param subject what was verified, as it was named
 * @param verification what was found
 */
record VerificationOutput(String subject, Verification verification) {

	ExitCode exitCode() {
		return this.verification.isIntact() ? ExitCode.COMPLETED : ExitCode.GUARD;
	}

	/** The form for people: one line. */
	String text() {
		PurgeRun run = this.verification.run();
		String name = (run == null || this.subject.equals(run.id().toString())) ? this.subject
				: "run " + run.id() + " in " + this.subject;
		if (!this.verification.isIntact()) {
			return name + " is NOT intact: " + this.verification.problem();
		}
		if (run != null && run.prunedAt() != null) {
			return "%s is intact as far as it stands: %d ranges, %s; its calls were pruned on %s".formatted(name,
					this.verification.ranges(), seal(run), run.prunedAt());
		}
		return "%s is intact: %d ranges, %,d calls, %s".formatted(name, this.verification.ranges(),
				this.verification.calls(), seal(run));
	}

	private String seal(@Nullable PurgeRun run) {
		if (run == null || run.seal() == null) {
			return "not sealed yet";
		}
		String previous = this.verification.previousSeal();
		return "seal " + run.seal()
				+ ((previous != null) ? " (the seal before it: " + previous + ")" : " (no seal before it)");
	}

	/** Adds the verification to a result object, and the exit status that it means. */
	void putInto(ObjectNode json) {
		PurgeRun run = this.verification.run();
		json.putObject("verification")
			.put("intact", this.verification.isIntact())
			.put("ranges", this.verification.ranges())
			.put("calls", this.verification.calls())
			.put("seal", (run != null) ? run.seal() : null)
			.put("previousSeal", this.verification.previousSeal())
			.put("prunedAt", (run != null && run.prunedAt() != null) ? run.prunedAt().toString() : null)
			.put("problem", this.verification.problem());
		if (!this.verification.isIntact()) {
			json.put("exit", exitCode().status());
		}
	}

	/** The result object of a verification that has no run's report beside it. */
	ObjectNode json() {
		ObjectNode json = Message.object(exitCode(), text(), List.of());
		PurgeRun run = this.verification.run();
		if (run != null) {
			json.put("run", run.id().toString());
		}
		putInto(json);
		return json;
	}

}
