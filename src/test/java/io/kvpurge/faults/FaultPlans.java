package io.kvpurge.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Thinks up what shall befall a run. The same seed gives the same plan. */
final class FaultPlans {

	/** About as many hooks as a run passes. */
	private static final int MOST_OCCURRENCES = 2500;

	/** About as long as a run takes once its process is up. */
	private static final int LONGEST_MILLIS = 1200;

	private FaultPlans() {
	}

	/** A run that is killed at each named point once. */
	static FaultTrial.Plan everyPoint(long seed) {
		Random random = new Random(seed);
		List<Launch> launches = new ArrayList<>();
		launches.add(Launch.killedAt(Point.SPLIT_STEP, 1 + random.nextInt(Scene.PREFIXES + 1)));
		List<Point> points = new ArrayList<>(List.of(Point.BEFORE_ANNOUNCE, Point.AFTER_ANNOUNCE, Point.MID_DELETE,
				Point.AFTER_DELETE, Point.IN_SETTLE, Point.AFTER_SETTLE, Point.RESTART_SPLITTER));
		Collections.shuffle(points, random);
		for (Point point : points) {
			// At a restart there may be no more than two steps to be made: purge, a
			// range.
			launches.add(Launch.killedAt(point, 1 + random.nextInt((point == Point.RESTART_SPLITTER) ? 2 : 3)));
		}
		launches.add(Launch.killedAt(Point.SEAL_STEP, 1 + random.nextInt(Scene.PREFIXES + 1)));
		FaultTrial.Plan plan = FaultTrial.Plan.of(seed, launches);
		// So few keys to a call that there are calls left for each point.
		return plan.withBulkLimit(5 + random.nextInt(10));
	}

	/** A run that is killed at a few moments by chance. */
	static FaultTrial.Plan kills(long seed) {
		Random random = new Random(seed);
		List<Launch> launches = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			Launch launch = random.nextBoolean()
					? Launch.killedAt(Point.ANY, (int) Math.pow(MOST_OCCURRENCES, random.nextDouble()))
					: Launch.killedAfter(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
			launches.add(launch.withClock(shift(random)));
		}
		return FaultTrial.Plan.of(seed, launches);
	}

	/** A run on which everything falls but SIGKILL, and its clock is never right. */
	static FaultTrial.Plan faults(long seed) {
		Random random = new Random(seed);
		List<Launch> launches = new ArrayList<>();
		for (Fault fault : List.of(Fault.COMMIT_REFUSED, Fault.COMMIT_UNCERTAIN, Fault.CONNECTION_LOST, Fault.STORE)) {
			launches.add(Launch.failing(fault, 40 + random.nextInt(150)).withClock(shift(random)));
		}
		launches.add(Launch.terminatedAfter(Duration.ofMillis(300 + random.nextInt(500))).withClock(shift(random)));
		launches.add(new Launch(null, Fault.SESSIONS_ENDED, 0, Duration.ofMillis(300 + random.nextInt(500)), false,
				shift(random), Sabotage.NONE));
		Collections.shuffle(launches, random);
		return FaultTrial.Plan.of(seed, launches);
	}

	private static Duration shift(Random random) {
		return random.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(random.nextInt(96 * 60) - 48 * 60);
	}

}
