package io.kvpurge.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.awaitility.Awaitility;

/**
 * Two processes that want to run the same purge at the same time. The first one is killed
 * or frozen while the other waits; a frozen one is thawed when the other has taken over,
 * or where that cannot be, after a while.
 */
final class RivalTrial {

	private static final int MOST_LAUNCHES = 6;

	/** As long as the first one has for some calls, and not for all. */
	private static final int LONGEST_MILLIS = 700;

	private final Scene scene;

	private final LedgerPlace place;

	private final Path folder;

	private final EventLog events;

	private final PurgeChild.Setting setting;

	private final Random random;

	private final long seed;

	private final List<String> violations = new ArrayList<>();

	private int launches;

	RivalTrial(Scene scene, LedgerPlace place, Path folder, long seed) throws IOException {
		this.scene = scene;
		this.place = place;
		this.folder = Files.createDirectories(folder);
		this.seed = seed;
		this.random = new Random(seed);
		this.events = new EventLog(folder.resolve("events.txt"));
		Path definition = folder.resolve("faults.yaml");
		Files.writeString(definition, scene.definition(false));
		this.setting = new PurgeChild.Setting(place.home(), definition, this.events.file(), place.urlPrefix(),
				5 + this.random.nextInt(15), 5 + this.random.nextInt(40), true);
	}

	/**
	 * Runs it.
	 * @param frozen whether the first one is frozen, otherwise it is killed
	 * @return what the oracle finds wrong
	 */
	List<String> run(boolean frozen) throws Exception {
		this.scene.fill("C", Instant.now().plus(Duration.ofHours(100)).toString());
		Oracle oracle = new Oracle(this.scene, this.place, this.events);
		long changes;
		try (SecondWriter writer = new SecondWriter(this.scene, this.seed);
				ChildProcess first = start(Launch.failing(Fault.SLOW, 0))) {
			writer.start();
			Awaitility.await()
				.atMost(Duration.ofMinutes(3))
				.pollInterval(Duration.ofMillis(5))
				.until(() -> this.events.lines().stream().anyMatch((line) -> line.startsWith(EventLog.LISTED)));
			try (ChildProcess second = start(Launch.QUIET)) {
				first.awaitEnd(Duration.ofMillis(this.random.nextInt(LONGEST_MILLIS)));
				if (frozen) {
					freeze(first, second);
				}
				else {
					first.close();
				}
				complete(second.await(), second.output());
			}
			first.thaw();
			expect(first.await(), frozen, first.output());
			writer.close();
			changes = writer.changes();
		}
		this.scene.awaitNoChild();
		oracle.judgeCompletion(this.launches, 0, changes);
		this.violations.addAll(oracle.violations());
		return this.violations;
	}

	private ChildProcess start(Launch launch) {
		this.launches++;
		return ChildProcess.start(this.folder, this.setting, launch);
	}

	private void freeze(ChildProcess first, ChildProcess second) throws Exception {
		first.freeze();
		if (this.place instanceof H2Place) {
			// The file stays locked: the other one waits as long as it takes.
			second.awaitLater(this.events, 2, Duration.ofMillis(this.random.nextInt(LONGEST_MILLIS)));
			first.thaw();
		}
		else {
			second.awaitEnd(Duration.ofSeconds(100));
			long deleted = deleted();
			first.thaw();
			first.await();
			if (deleted() != deleted) {
				this.violations.add("a thawed process deleted " + (deleted() - deleted) + " keys");
			}
		}
	}

	private long deleted() throws Exception {
		try (Connection store = this.scene.connect("oracle")) {
			return Long.parseLong(Scene.texts(store, "select count(*) from journal where who = 'kvpurge'").get(0));
		}
	}

	/** As a scheduler does: launched again until it is done. */
	private void complete(int status, String output) throws Exception {
		int last = status;
		String said = output;
		while (last == 1 && this.launches < MOST_LAUNCHES) {
			try (ChildProcess again = start(Launch.QUIET)) {
				last = again.await();
				said = again.output();
			}
		}
		if (last != 0) {
			this.violations.add("not completed, status " + last + ": " + said);
		}
	}

	/** Killed, or completed before; thawed and told that it lost, or never lost. */
	private void expect(int status, boolean frozen, String output) {
		boolean isRight = status == 0 || status == (frozen ? 1 : 137);
		if (!isRight || output.contains("\tat ")) {
			this.violations.add("the first one ended with " + status + ": " + output);
		}
	}

}
