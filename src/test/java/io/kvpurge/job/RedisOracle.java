package io.kvpurge.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.Key;
import io.kvpurge.testkit.DurableRedisServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fills a real server with hashes, of which those whose field {@code go} is 1 are to go,
 * and says in the end whether a purge kept every promise: from the file in which the
 * server writes every change, and from the ledger.
 */
final class RedisOracle {

	static final int PREFIXES = 3;

	static final String RULE = "metadata.hash.go == '1'";

	private static final int FILLED_AT_ONCE = 500;

	private static final String FILL = """
			for i, key in ipairs(KEYS) do
			  redis.call('HSET', key, 'go', (ARGV[1] + i - 1) % 3 == 0 and '1' or '0')
			end
			return 'OK'""";

	private final String name;

	private final DurableRedisServer server;

	private final int entries;

	private final Set<String> contested;

	private final Set<String> untouched;

	private final Set<String> unmatched;

	/**
	 * @param name of the trial, for messages and as the beginning of each key
	 * @param entries how many there are
	 */
	RedisOracle(String name, DurableRedisServer server, int entries) {
		this.name = name;
		this.server = server;
		this.entries = entries;
		this.contested = keys((n) -> n % 15 == 0);
		this.untouched = keys((n) -> n % 3 == 0 && n % 5 != 0);
		this.unmatched = keys((n) -> n % 3 != 0);
		try (StatefulRedisConnection<String, String> connection = server.connect()) {
			for (int n = 0; n < entries; n += FILLED_AT_ONCE) {
				String[] keys = IntStream.range(n, Math.min(entries, n + FILLED_AT_ONCE))
					.mapToObj(this::key)
					.toArray(String[]::new);
				connection.sync().eval(FILL, ScriptOutputType.STATUS, keys, String.valueOf(n));
			}
		}
	}

	/** The keys that somebody else may rewrite meanwhile. */
	Set<String> contested() {
		return this.contested;
	}

	String prefixes() {
		return IntStream.range(0, PREFIXES)
			.mapToObj((i) -> "\"" + this.name + "/p" + i + "/\"")
			.collect(Collectors.joining(", ", "[", "]"));
	}

	private String key(int n) {
		return "%s/p%d/%05d".formatted(this.name, n % 7 % PREFIXES, n);
	}

	private Set<String> keys(IntPredicate wanted) {
		return IntStream.range(0, this.entries).filter(wanted).mapToObj(this::key).collect(Collectors.toSet());
	}

	/** Of a run that is completed. */
	void assertEveryPromise(PurgeTester tester, RunId run, EntryCounts counts) {
		Map<String, Integer> really = deletedByTheServer();
		Map<Key, List<Outcome>> outcomes = tester.outcomes(run);
		assertThat(really.keySet()).as("%s: deleted, and in no call", this.name)
			.isSubsetOf(outcomes.keySet().stream().map(Key::text).collect(Collectors.toSet()));
		outcomes.forEach((key, all) -> {
			long times = all.stream()
				.filter((outcome) -> outcome == Outcome.DELETED || outcome == Outcome.INFERRED)
				.count();
			if (!this.contested.contains(key.text())) {
				assertThat(times).as("%s: %s %s", this.name, key, all).isEqualTo(1);
				assertThat(really).as("%s: deletes", this.name).containsEntry(key.text(), 1);
			}
		});
		assertThat(outcomes.values()
			.stream()
			.flatMap(List::stream)
			.filter((outcome) -> outcome == Outcome.DELETED || outcome == Outcome.INFERRED)
			.count()).as("%s: deleted", this.name).isEqualTo(counts.deleted());
		assertThat(counts.judgedBalance() && counts.deletedBalance()).as("%s: %s", this.name, counts).isTrue();
		assertThat(tester.ledger((ledger) -> ledger.verify(run)).problem()).as(this.name).isNull();
		Set<String> there = there();
		assertThat(there).as("%s: does not match", this.name).containsAll(this.unmatched);
		Set<String> left = new TreeSet<>(this.untouched);
		left.retainAll(there);
		assertThat(left).as("%s: matches, and is there", this.name).isEmpty();
	}

	private Set<String> there() {
		try (StatefulRedisConnection<String, String> connection = this.server.connect()) {
			return new HashSet<>(connection.sync().keys(this.name + "/*"));
		}
	}

	/** For a trial in which nobody else writes. */
	void assertEveryEntryIsCountedOnce(EntryCounts counts) {
		int going = this.untouched.size() + this.contested.size();
		assertThat(counts).as(this.name)
			.isEqualTo(new EntryCounts(this.entries, this.unmatched.size(), 0, 0, going, going, 0, 0, 0));
	}

	/** How often each key went. What went must have matched at that moment. */
	private Map<String, Integer> deletedByTheServer() {
		Map<String, String> values = new HashMap<>();
		Map<String, Integer> deleted = new HashMap<>();
		for (List<String> change : this.server.changes()) {
			String command = change.get(0).toUpperCase(Locale.ROOT);
			if (change.size() < 2 || !change.get(1).startsWith(this.name + "/")) {
				continue;
			}
			if (command.equals("HSET")) {
				values.put(change.get(1), change.get(3));
			}
			else {
				assertThat(command).as("%s: %s", this.name, change).isEqualTo("UNLINK");
				assertThat(change).hasSize(2);
				assertThat(values.remove(change.get(1))).as("%s: %s", this.name, change).isEqualTo("1");
				deleted.merge(change.get(1), 1, Integer::sum);
			}
		}
		return deleted;
	}

}
