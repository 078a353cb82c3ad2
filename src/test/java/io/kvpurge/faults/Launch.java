package io.kvpurge.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * One launch of the purge, and what befalls it.
 *
 * @param point where the child kills itself, null for nowhere
 * @param fault what goes wrong
 * @param occurrence which occurrence of the point or fault, counted from 1
 * @param signalAfter how long after its start the parent ends it, null for not at all
 * @param gently whether by SIGTERM, otherwise by SIGKILL
 * @param clockShift how far its clock is ahead
 * @param sabotage how it is wrong
 */
record Launch(@Nullable Point point, Fault fault, int occurrence, @Nullable Duration signalAfter, boolean gently,
		Duration clockShift, Sabotage sabotage) {

	/** Nothing befalls it. */
	static final Launch QUIET = new Launch(null, Fault.NONE, 0, null, false, Duration.ZERO, Sabotage.NONE);

	static Launch killedAt(Point point, int occurrence) {
		return new Launch(point, Fault.NONE, occurrence, null, false, Duration.ZERO, Sabotage.NONE);
	}

	static Launch killedAfter(Duration time) {
		return new Launch(null, Fault.NONE, 0, time, false, Duration.ZERO, Sabotage.NONE);
	}

	static Launch terminatedAfter(Duration time) {
		return new Launch(null, Fault.SLOW, 0, time, true, Duration.ZERO, Sabotage.NONE);
	}

	static Launch withoutSessionsAfter(Duration time) {
		return new Launch(null, Fault.SESSIONS_ENDED, 0, time, false, Duration.ZERO, Sabotage.NONE);
	}

	static Launch failing(Fault fault, int occurrence) {
		return new Launch(null, fault, occurrence, null, false, Duration.ZERO, Sabotage.NONE);
	}

	Launch withClock(Duration shift) {
		return new Launch(this.point, this.fault, this.occurrence, this.signalAfter, this.gently, shift, this.sabotage);
	}

	Launch with(Sabotage sabotaged) {
		return new Launch(this.point, this.fault, this.occurrence, this.signalAfter, this.gently, this.clockShift,
				sabotaged);
	}

	/** For the child's command line. */
	List<String> arguments() {
		List<String> arguments = new ArrayList<>();
		if (this.point != null) {
			arguments.add("point=" + this.point);
		}
		arguments.add("fault=" + this.fault);
		arguments.add("occurrence=" + this.occurrence);
		arguments.add("clock=" + this.clockShift);
		arguments.add("sabotage=" + this.sabotage);
		return arguments;
	}

	/** The inverse of {@link #arguments}, as far as the child needs to know. */
	static Launch parse(String[] arguments) {
		Map<String, String> values = Arrays.stream(arguments)
			.map((argument) -> argument.split("=", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> pair[1]));
		String point = values.get("point");
		return new Launch((point != null) ? Point.valueOf(point) : null, Fault.valueOf(values.get("fault")),
				Integer.parseInt(values.get("occurrence")), null, false, Duration.parse(values.get("clock")),
				Sabotage.valueOf(values.get("sabotage")));
	}

}
