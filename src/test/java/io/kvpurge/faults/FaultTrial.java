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
import java.util.Set;

/**
 * One run of the purge over all its launches: what befalls each, then launches that
 * nothing befalls until the run is completed, and the judgement.
 */
final class FaultTrial {

	/** After the last fault. */
	private static final int MOST_QUIET_LAUNCHES = 5;

	/** Completed, or completed with refused keys. */
	private static final Set<Integer> COMPLETED = Set.of(0, 6);

	private static final int KILLED = 137;

	/** Stopped, or failed in a way that launching again helps, or by signal. */
	private static final Set<Integer> RESUMABLE = Set.of(1, 3, KILLED, 143);

	/** One trial in so many finds everything before it deletes anything. */
	private static final int JUDGED = 3;

	private final Scene scene;

	private final Plan plan;

	private final Path folder;

	private final EventLog events;

	private final PurgeChild.Setting setting;

	private final LedgerPlace place;

	private final Oracle oracle;

	private final List<String> violations = new ArrayList<>();

	private int launches;

	private int kills;

	private boolean completed;

	private String lastOutput = "";

	FaultTrial(Scene scene, LedgerPlace place, Path folder, Plan plan) throws IOException {
		this.scene = scene;
		this.plan = plan;
		this.place = place;
		this.folder = Files.createDirectories(folder);
		this.events = new EventLog(folder.resolve("events.txt"));
		Path definition = folder.resolve("faults.yaml");
		Files.writeString(definition, scene.definition(plan.seed() % JUDGED == 0));
		this.setting = new PurgeChild.Setting(place.home(), definition, this.events.file(), place.urlPrefix(),
				plan.pageLimit(), plan.bulkLimit(), false);
		this.oracle = new Oracle(scene, place, this.events);
	}

	Result run() throws Exception {
		this.scene.fill(this.plan.collation(), this.plan.future());
		long changes = 0;
		try (SecondWriter writer = new SecondWriter(this.scene, this.plan.seed())) {
			if (this.plan.writer()) {
				writer.start();
			}
			for (Launch launch : this.plan.launches()) {
				launch(launch);
			}
			for (int i = 0; i < MOST_QUIET_LAUNCHES && !this.completed; i++) {
				launch(Launch.QUIET.with(this.plan.sabotage()));
			}
			writer.close();
			changes = writer.changes();
		}
		if (this.completed) {
			this.oracle.judgeCompletion(this.launches, this.plan.countsPages() ? this.plan.pageLimit() : 0, changes);
		}
		else {
			this.violations.add("not completed after " + this.launches + " launches: " + this.lastOutput);
		}
		this.violations.addAll(this.oracle.violations());
		return new Result(this.launches, this.kills, this.completed,
				this.events.lines()
					.stream()
					.filter((line) -> line.startsWith(EventLog.HIT))
					.map((line) -> line.substring(EventLog.HIT.length()))
					.toList(),
				List.copyOf(this.violations));
	}

	private void launch(Launch launch) throws Exception {
		if (this.completed) {
			return;
		}
		this.plan.meanwhile().before(this.launches + 1);
		this.launches++;
		int status;
		try (ChildProcess child = ChildProcess.start(this.folder, this.setting, launch)) {
			if (launch.signalAfter() != null) {
				disturb(child, launch, launch.signalAfter());
			}
			status = child.await();
			this.lastOutput = child.output();
		}
		this.scene.awaitNoChild();
		if (status == KILLED) {
			this.kills++;
		}
		this.completed = COMPLETED.contains(status);
		if (!this.completed && !RESUMABLE.contains(status)) {
			this.violations.add("launch " + this.launches + " (" + launch + ") ended with status " + status + ": "
					+ this.lastOutput);
		}
		if (!this.completed) {
			this.oracle.judgeDeath();
			// Who dies behind the seal has done everything; the next launch is a new run.
			this.completed = this.oracle.isSealed();
		}
	}

	private void disturb(ChildProcess child, Launch launch, Duration after) throws Exception {
		if (!child.awaitLater(this.events, this.launches, after)) {
			return;
		}
		if (launch.fault() == Fault.SESSIONS_ENDED) {
			try (Connection connection = this.scene.connect("oracle")) {
				this.scene.endSessions(connection);
			}
			this.events.write(EventLog.HIT + launch.fault());
		}
		else if (launch.gently()) {
			child.terminate();
			this.events.write(EventLog.HIT + "SIGTERM");
		}
		else {
			child.close();
			this.events.write(EventLog.HIT + "SIGKILL");
		}
	}

	/** Something that a test does between two launches, when no child is alive. */
	@FunctionalInterface
	interface Meanwhile {

		/**
		 * Does it.
		 * @param launch the number of the launch that follows
		 */
		void before(int launch) throws Exception;

	}

	/**
	 * What shall befall a run.
	 *
	 * @param seed of the second writer
	 * @param launches what befalls the first launches
	 * @param pageLimit the most entries of a page
	 * @param bulkLimit the most keys of a call
	 * @param collation of the key column
	 * @param future a time after the run's asOf, whatever its clock says
	 * @param writer whether somebody else writes meanwhile
	 * @param sabotage of the launches that nothing else befalls
	 * @param meanwhile what the test does
	 */
	record Plan(long seed, List<Launch> launches, int pageLimit, int bulkLimit, String collation, String future,
			boolean writer, Sabotage sabotage, Meanwhile meanwhile) {

		/** With sizes by chance. */
		static Plan of(long seed, List<Launch> launches) {
			Random random = new Random(seed);
			return new Plan(seed, launches, 2 + random.nextInt(20), 5 + random.nextInt(40),
					(random.nextInt(4) == 0) ? "en-x-icu" : "C", Instant.now().plus(Duration.ofHours(100)).toString(),
					random.nextInt(4) > 0, Sabotage.NONE, (launch) -> {
					});
		}

		Plan withBulkLimit(int limit) {
			return new Plan(this.seed, this.launches, this.pageLimit, limit, this.collation, this.future, this.writer,
					this.sabotage, this.meanwhile);
		}

		/** Without a second writer. */
		Plan with(Sabotage sabotaged) {
			return new Plan(this.seed, this.launches, this.pageLimit, this.bulkLimit, this.collation, this.future,
					false, sabotaged, this.meanwhile);
		}

		Plan meanwhile(Meanwhile doing) {
			return new Plan(this.seed, this.launches, this.pageLimit, this.bulkLimit, this.collation, this.future,
					this.writer, this.sabotage, doing);
		}

		/** Whose entries of the future are no more so after two days. */
		Plan withNearFuture() {
			return new Plan(this.seed, this.launches, this.pageLimit, this.bulkLimit, this.collation,
					Instant.now().plus(Duration.ofHours(24)).toString(), this.writer, this.sabotage, this.meanwhile);
		}

		/** Whether pages are listed again for no other reason than a restart. */
		boolean countsPages() {
			return this.launches.stream()
				.noneMatch((launch) -> launch.fault() == Fault.STORE || launch.fault() == Fault.SESSIONS_ENDED);
		}

	}

	/**
	 * What became of it.
	 *
	 * @param hit the points and faults that sprang, in order
	 */
	record Result(int launches, int kills, boolean completed, List<String> hit, List<String> violations) {

	}

}
