package io.kvpurge.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.Key;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Journal;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fills a namespace of the simulated service, and says in the end whether a purge of
 * {@link PurgeTester#EVERY_THIRD} kept every promise: from what the service itself has
 * written down, and from the ledger.
 */
final class CloudflareOracle {

	static final int PREFIXES = 4;

	static final Duration MAX_AGE = Duration.ofSeconds(5);

	static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

	static final Duration LAG = Duration.ofMillis(150);

	/** What was sent has taken effect, and every listing shows it. */
	static final Duration SETTLE_DELAY = LAG.plusMillis(100);

	private static final int REFUSED = 101;

	private final String name;

	private final CloudflareSimulator simulator;

	private final String namespace;

	private final int entries;

	private final Set<String> neverDeleted;

	private final Set<String> contested;

	private final Set<String> untouched;

	private final Set<String> unmatched;

	/**
	 * @param name of the trial, for messages
	 * @param entries how many there are
	 */
	CloudflareOracle(String name, CloudflareSimulator simulator, int entries) {
		this.name = name;
		this.simulator = simulator;
		this.namespace = simulator.createNamespace("trial");
		this.entries = entries;
		this.neverDeleted = keys((n) -> n % 3 == 0 && n % REFUSED == 0);
		this.contested = keys((n) -> n % 15 == 0 && n % REFUSED != 0);
		this.untouched = keys((n) -> n % 3 == 0 && n % 5 != 0 && n % REFUSED != 0);
		this.unmatched = keys((n) -> n % 3 != 0);
		for (int n = 0; n < entries; n++) {
			simulator.put(this.namespace, key(n), "value".getBytes(StandardCharsets.UTF_8), metadata(n), null);
		}
		this.neverDeleted.forEach(simulator::refuse);
	}

	static CloudflareSimulator simulator(long seed) {
		return CloudflareSimulator.start(io.kvpurge.testkit.cloudflare.Settings.defaults()
			.withoutRequestLimit()
			.withConsistencyDelay(LAG)
			.withTombstones(LAG)
			.withSeed(seed));
	}

	String namespace() {
		return this.namespace;
	}

	/** The keys that somebody else may rewrite meanwhile. */
	Set<String> contested() {
		return this.contested;
	}

	static String prefixes() {
		return IntStream.range(0, PREFIXES)
			.mapToObj((i) -> "\"p" + i + "/\"")
			.collect(Collectors.joining(", ", "[", "]"));
	}

	/**
	 * @param run a run that is completed
	 * @param bulkCallsOfOthers how many bulk calls somebody else may have under way
	 */
	void assertEveryPromise(PurgeTester tester, RunId run, EntryCounts counts, int bulkCallsOfOthers) {
		assertOnlyTheRightKeysAreGone();
		assertTheLedgerNamesWhatWasDeleted(tester.outcomes(run), counts);
		assertThat(counts.judgedBalance() && counts.deletedBalance()).as("%s: %s", this.name, counts).isTrue();
		assertThat(counts.refused()).as("%s: refused", this.name).isEqualTo(this.neverDeleted.size());
		assertThat(tester.ledger((ledger) -> ledger.verify(run)).problem()).as(this.name).isNull();
		assertThat(this.simulator.counters().mostBulkCallsAtOnce()).as("%s: bulk calls at once", this.name)
			.isLessThanOrEqualTo(2 + bulkCallsOfOthers);
	}

	/** For a trial in which nobody else writes. */
	void assertEveryEntryIsCountedOnce(EntryCounts counts) {
		int going = this.untouched.size() + this.contested.size();
		assertThat(counts).as(this.name)
			.isEqualTo(new EntryCounts(this.entries, this.unmatched.size(), 0, 0, going + this.neverDeleted.size(),
					going, 0, 0, this.neverDeleted.size()));
	}

	private void assertOnlyTheRightKeysAreGone() {
		Set<String> there = Set.copyOf(this.simulator.keys(this.namespace));
		assertThat(without(this.unmatched, there)).as("%s: does not match, and is gone", this.name).isEmpty();
		assertThat(without(this.neverDeleted, there)).as("%s: refused, and is gone", this.name).isEmpty();
		Set<String> left = new TreeSet<>(this.untouched);
		left.retainAll(there);
		assertThat(left).as("%s: matches, and is there", this.name).isEmpty();
		Set<String> goers = new HashSet<>(this.untouched);
		goers.addAll(this.contested);
		Map<String, Instant> written = new HashMap<>();
		this.simulator.journal()
			.writes()
			.forEach((write) -> written.merge(write.key(), write.time(), CloudflareOracle::earlier));
		for (Journal.Delete delete : this.simulator.journal().deletes()) {
			assertThat(goers).as("%s: deleted against the rule", this.name).contains(delete.key());
			Instant changed = written.get(delete.key());
			if (delete.wasThere() && changed != null) {
				assertThat(Duration.between(changed, delete.time()))
					.as("%s: %s was deleted long after it had been rewritten", this.name, delete.key())
					.isLessThan(MAX_AGE.plus(LAG).plus(REQUEST_TIMEOUT));
			}
		}
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	/** This holds at any time, if no purge is alive. */
	void assertWhatIsGoneStandsInACall(Set<Key> inCalls) {
		Set<String> others = new TreeSet<>(really().keySet());
		inCalls.forEach((key) -> others.remove(key.text()));
		assertThat(others).as("%s: deleted, and in no call", this.name).isEmpty();
	}

	/** How often each key went. */
	private Map<String, Integer> really() {
		Map<String, Integer> really = new HashMap<>();
		this.simulator.journal()
			.deletes()
			.stream()
			.filter(Journal.Delete::wasThere)
			.forEach((delete) -> really.merge(delete.key(), 1, Integer::sum));
		return really;
	}

	private void assertTheLedgerNamesWhatWasDeleted(Map<Key, List<Outcome>> outcomes, EntryCounts counts) {
		assertWhatIsGoneStandsInACall(outcomes.keySet());
		Map<String, Integer> really = really();
		long gone = 0;
		for (Map.Entry<Key, List<Outcome>> entry : outcomes.entrySet()) {
			long times = entry.getValue()
				.stream()
				.filter((outcome) -> outcome == Outcome.DELETED || outcome == Outcome.INFERRED)
				.count();
			gone += times;
			String key = entry.getKey().text();
			if (this.untouched.contains(key)) {
				assertThat(times).as("%s: %s %s", this.name, key, entry.getValue()).isEqualTo(1);
				assertThat(really).as("%s: deletes", this.name).containsEntry(key, 1);
			}
			if (this.neverDeleted.contains(key)) {
				assertThat(entry.getValue()).as("%s: %s", this.name, key).endsWith(Outcome.REFUSED);
			}
		}
		assertThat(counts.deleted()).as("%s: deleted", this.name).isEqualTo(gone);
	}

	private static Set<String> without(Set<String> all, Set<String> some) {
		Set<String> rest = new TreeSet<>(all);
		rest.removeAll(some);
		return rest;
	}

	private static String key(int n) {
		return "p%d/%05d".formatted(n % PREFIXES, n);
	}

	private static String metadata(int n) {
		return "{\"n\":" + n + "}";
	}

	private Set<String> keys(IntPredicate wanted) {
		return IntStream.range(0, this.entries)
			.filter(wanted)
			.mapToObj(CloudflareOracle::key)
			.collect(Collectors.toSet());
	}

}
