package io.kvpurge.faults;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** Trials, one after another, on one server, and what they came to. */
final class FaultCampaign {

	private final Scene scene = new Scene();

	private final Path folder;

	private final Map<String, Integer> hit = new TreeMap<>();

	private int trials;

	private int launches;

	private final Map<String, Integer> kills = new TreeMap<>();

	private int completed;

	private int violations;

	/**
	 * Makes one.
	 * @param folder for all that is left of trials
	 */
	FaultCampaign(Path folder) {
		this.folder = folder;
	}

	Scene scene() {
		return this.scene;
	}

	/** How many children with a ledger there were killed so far. */
	int kills(boolean shared) {
		return this.kills.getOrDefault(shared ? SharedPlace.DATABASE : H2Place.DATABASE, 0);
	}

	/** Runs a trial whose violations are expected. */
	FaultTrial.Result runSabotaged(FaultTrial.Plan plan) throws Exception {
		Path trial = nextFolder();
		return new FaultTrial(this.scene, H2Place.in(trial), trial, plan).run();
	}

	/** Runs a trial in which no promise may be broken. */
	FaultTrial.Result run(FaultTrial.Plan plan, boolean shared) throws Exception {
		Path trial = nextFolder();
		return run(plan, shared ? SharedPlace.create() : H2Place.in(trial), trial);
	}

	/** As {@link #run(FaultTrial.Plan, boolean)}, with the ledger where the test says. */
	FaultTrial.Result run(FaultTrial.Plan plan, LedgerPlace place, Path trial) throws Exception {
		FaultTrial.Result result = new FaultTrial(this.scene, place, trial, plan).run();
		this.launches += result.launches();
		this.kills.merge(place.database(), result.kills(), Integer::sum);
		this.completed += result.completed() ? 1 : 0;
		this.violations += result.violations().size();
		result.hit().forEach((name) -> this.hit.merge(name, 1, Integer::sum));
		assertThat(result.violations())
			.as("-Dkvpurge.seed=%d on %s: %s befell %s", plan.seed(), place, result.hit(), plan)
			.isEmpty();
		return result;
	}

	/** A new folder for a trial. */
	Path nextFolder() {
		return this.folder.resolve("trial" + ++this.trials);
	}

	/** One line. */
	String summary() {
		return "kvpurge faults: %d launches, kills %s, %d runs completed, %d violations; hit %s"
			.formatted(this.launches, this.kills, this.completed, this.violations, this.hit);
	}

}
