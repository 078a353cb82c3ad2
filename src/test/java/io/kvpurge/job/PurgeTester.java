package io.kvpurge.job;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.ledger.PostgresqlAddress;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.resilient.RetrySettings;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Launches purges of one definition against a store that a test has in its hands. */
final class PurgeTester {

	static final String NAME = "test";

	/** The rule of {@link #entry}: every third key goes. */
	static final String EVERY_THIRD = "metadata.n % 3 == 0";

	private static final RunOrigin ORIGIN = new RunOrigin("tester", "localhost", 1, "test");

	/** As often as in earnest, without the waiting. */
	private static final RetrySettings RETRY = new RetrySettings(4, Duration.ofMillis(1), Duration.ofMillis(4),
			Duration.ofMinutes(10));

	private final Home home;

	private final Clock clock;

	private Settings settings = Settings.DEFAULT;

	PurgeTester(Path home) {
		this(home, Clock.systemUTC());
	}

	PurgeTester(Path home, Clock clock) {
		this(Home.inFolder(home, clock), clock);
	}

	PurgeTester(Home home, Clock clock) {
		this.home = home;
		this.clock = clock;
	}

	/** A home in a new PostgreSQL database. */
	static Home sharedHome(Clock clock) {
		return Home.shared(PostgresqlAddress.of(PostgresqlServer.newLedgerUrl(), null, null), clock);
	}

	void settings(Settings changed) {
		this.settings = changed;
	}

	DefinitionHome folder() {
		return this.home.definition(NAME);
	}

	/** What a launch needs; a test may keep it to request a stop. */
	PurgeJobs jobs(KeyValueStore store) {
		return new PurgeJobs((definition) -> store, RETRY, this.home, this.settings, ORIGIN, this.clock);
	}

	RunReport run(KeyValueStore store, String definition) {
		return run(jobs(store), definition, RunMode.PURGE, false);
	}

	RunReport run(PurgeJobs jobs, String definition, RunMode mode, boolean fresh) {
		return run(jobs, definition, mode, fresh, RunListener.NONE);
	}

	RunReport run(PurgeJobs jobs, String definition, RunMode mode, boolean fresh, RunListener listener) {
		return jobs.run(new RunRequest(new DefinitionReader().read(definition, "test").bind(Map.of()), mode, fresh),
				listener);
	}

	/** A run that is asked to stop in the midst of a delete. */
	RunReport runStoppedAfter(KeyValueStore store, int deletes, String definition) {
		AtomicInteger sent = new AtomicInteger();
		PurgeJobs[] jobs = new PurgeJobs[1];
		jobs[0] = jobs(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				if (sent.incrementAndGet() == deletes) {
					jobs[0].requestStop("enough");
				}
				return super.delete(entries);
			}
		});
		return run(jobs[0], definition, RunMode.PURGE, false);
	}

	/** Deletes every third key under the empty prefix. */
	static String everyThird(int partitions) {
		return definition("[\"\"]", EVERY_THIRD, partitions);
	}

	static String definition(String prefixes, String where, int partitions) {
		return guarded(prefixes, where, partitions) + "limits: {max-fraction: 1}\n";
	}

	/**
	 * As it is without a word on limits: everything is found before anything is deleted.
	 */
	static String guarded(String prefixes, String where, int partitions) {
		return """
				version: 1
				name: %s
				store: {type: memory, name: unused}
				select:
				  prefixes: %s
				  where: "%s"
				partitions: %d
				""".formatted(NAME, prefixes, where, partitions);
	}

	static KeyValue entry(int n) {
		return new KeyValue(Key.of("key/%07d".formatted(n)), null, Metadata.of(Map.of("n", (long) n)), null);
	}

	static List<KeyValue> entries(int count) {
		return IntStream.range(0, count).mapToObj(PurgeTester::entry).toList();
	}

	/** The keys that {@link #EVERY_THIRD} leaves of so many entries. */
	static List<Key> staying(int count) {
		return IntStream.range(0, count).filter((n) -> n % 3 != 0).mapToObj((n) -> entry(n).key()).toList();
	}

	<T> T ledger(Function<DeletionLedger, T> use) {
		try (LedgerDatabase database = folder().own()) {
			return use.apply(database.ledger());
		}
	}

	/** Changes the database as a dead process may have left it. */
	void sql(String... statements) {
		try (LedgerDatabase database = folder().own();
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			for (String text : statements) {
				assertThat(statement.executeUpdate(text)).as(text).isPositive();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What became of each key over all calls of a run, in order. */
	Map<Key, List<Outcome>> outcomes(RunId run) {
		Map<Key, List<Outcome>> outcomes = new HashMap<>();
		ledger((ledger) -> {
			ledger.calls(run, (call) -> {
				for (int i = 0; i < call.keys().size(); i++) {
					outcomes.computeIfAbsent(call.keys().get(i), (key) -> new ArrayList<>())
						.add(call.outcomes().get(i).outcome());
				}
			});
			return true;
		});
		return outcomes;
	}

	/**
	 * Each of these keys stands in exactly one call as gone by it, and no other key does.
	 */
	void assertDeletedExactlyOnce(RunId run, List<Key> keys) {
		Map<Key, Long> gone = new HashMap<>();
		outcomes(run).forEach((key, all) -> {
			long count = all.stream()
				.filter((outcome) -> outcome == Outcome.DELETED || outcome == Outcome.INFERRED)
				.count();
			if (count > 0) {
				gone.put(key, count);
			}
		});
		assertThat(gone.keySet()).isEqualTo(Set.copyOf(keys));
		assertThat(gone.values()).allMatch((count) -> count == 1);
		assertThat(ledger((ledger) -> ledger.verify(run)).problem()).isNull();
	}

	/** The keys that {@link #EVERY_THIRD} takes of so many entries. */
	static List<Key> going(int count) {
		return IntStream.range(0, count).filter((n) -> n % 3 == 0).mapToObj((n) -> entry(n).key()).toList();
	}

}
