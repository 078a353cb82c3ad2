package io.kvpurge.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
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
		Files.writeString(definition, scene.definition());
		this.setting = new PurgeChild.Setting(place.home(), definition, this.events.file(), place.urlPrefix(),
				plan.pageLimit(), plan.bulkLimit());
		this.oracle = new Oracle(scene, place, this.events);
	}

	Result run(List<String> jvm) throws SQLException, InterruptedException {
		this.scene.fill(this.plan.collation(), this.plan.future());
		long changes = 0;
		try (SecondWriter writer = new SecondWriter(this.scene, this.plan.seed())) {
			if (this.plan.writer()) {
				writer.start();
			}
			for (Launch launch : this.plan.launches()) {
				launch(jvm, launch);
			}
			for (int i = 0; i < MOST_QUIET_LAUNCHES && !this.completed; i++) {
				launch(jvm, Launch.QUIET.with(this.plan.sabotage()));
			}
			writer.close();
			changes = writer.changes() + this.plan.rewrites();
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

	private void launch(List<String> jvm, Launch launch) throws SQLException, InterruptedException {
		if (this.completed) {
			return;
		}
		this.launches++;
		int status;
		try (ChildProcess child = ChildProcess.start(jvm, this.folder, this.setting, launch)) {
			if (launch.signalAfter() != null) {
				child.signal(this.events, this.launches, launch.signalAfter(), launch.gently());
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
		}
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
	 * @param rewrites how many rows a test changes itself
	 */
	record Plan(long seed, List<Launch> launches, int pageLimit, int bulkLimit, String collation, String future,
			boolean writer, Sabotage sabotage, long rewrites) {

		/** With sizes by chance. */
		static Plan of(long seed, List<Launch> launches) {
			Random random = new Random(seed);
			return new Plan(seed, launches, 2 + random.nextInt(20), 5 + random.nextInt(40),
					(random.nextInt(4) == 0) ? "en-x-icu" : "C", Instant.now().plus(Duration.ofHours(24)).toString(),
					random.nextInt(4) > 0, Sabotage.NONE, 0);
		}

		/** Whether pages are listed again for no other reason than a restart. */
		boolean countsPages() {
			return this.launches.stream().noneMatch((launch) -> launch.fault() == Fault.STORE);
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
