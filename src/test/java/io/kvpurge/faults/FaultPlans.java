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
		// Once more than there are ranges is behind the commit.
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
			Launch launch = random.nextBoolean() ? Launch.killedAt(Point.ANY, occurrence(random, MOST_OCCURRENCES))
					: Launch.killedAfter(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
			launches.add(launch.withClock(shift(random)));
		}
		return FaultTrial.Plan.of(seed, launches);
	}

	/** A run on which everything falls but SIGKILL, with clocks that are not right. */
	static FaultTrial.Plan faults(long seed) {
		Random random = new Random(seed);
		List<Launch> launches = new ArrayList<>();
		launches.add(Launch.failing(Fault.COMMIT_REFUSED, occurrence(random, 60)));
		launches.add(Launch.failing(Fault.COMMIT_UNCERTAIN, occurrence(random, 60)));
		launches.add(Launch.failing(Fault.CONNECTION_LOST, occurrence(random, 200)));
		launches.add(Launch.terminatedAfter(Duration.ofMillis(100 + random.nextInt(200))));
		Collections.shuffle(launches, random);
		// With these a run may well be completed.
		launches.add(Launch.withoutSessionsAfter(Duration.ofMillis(100 + random.nextInt(400))));
		launches.add(Launch.failing(Fault.STORE, random.nextInt()));
		launches.replaceAll((launch) -> launch.withClock(shift(random)));
		return FaultTrial.Plan.of(seed, launches).withBulkLimit(5 + random.nextInt(10));
	}

	/** Most often a small one. */
	private static int occurrence(Random random, int most) {
		return (int) Math.pow(most, random.nextDouble());
	}

	private static Duration shift(Random random) {
		return random.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(random.nextInt(96 * 60) - 48 * 60);
	}

}
