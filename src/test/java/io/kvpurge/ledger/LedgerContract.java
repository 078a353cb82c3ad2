package io.kvpurge.ledger;

import java.sql.Clob;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.testkit.SteppingClock;

import static org.assertj.core.api.Assertions.assertThat;

/** A ledger in a new database, and words to write to it with. */
abstract class LedgerContract {

	static final RunOrigin ORIGIN = new RunOrigin("jane", "host-1", 4711, "0.1.0");

	static final Instant AS_OF = Instant.parse("2026-02-01T10:00:00.123456Z");

	LedgerDatabase database;

	DeletionLedger ledger;

	JdbcClient jdbc;

	abstract LedgerDatabase open(Clock clock);

	@BeforeEach
	void open() {
		this.database = open(new SteppingClock());
		this.ledger = this.database.ledger();
		this.jdbc = JdbcClient.create(this.database.dataSource());
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	static RunIdentity identity(String name) {
		return new RunIdentity(name, "digest-of-" + name, "{\"tag\":\"product-7\"}", "memory:test", RunMode.PURGE,
				AS_OF);
	}

	RunFence begin(String name) {
		return this.ledger.begin(identity(name), "name: " + name, Guarantee.LIST_THEN_DELETE, true, ORIGIN, null);
	}

	/** A complete plan of three keys in one range, not sealed yet. */
	RunFence plan(String name) {
		RunFence fence = this.ledger.begin(
				new RunIdentity(name, "digest-of-" + name, "{}", "memory:test", RunMode.PLAN, AS_OF), "name: " + name,
				Guarantee.LIST_THEN_DELETE, true, ORIGIN, null);
		this.ledger.saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
		this.ledger.plan(fence, 1, keys("a", "b"), planned("b", 2, false));
		this.ledger.plan(fence, 1, keys("größe 😀"), planned("größe 😀", 3, false));
		this.ledger.plan(fence, 1, List.of(), planned("z", 3, true));
		this.ledger.forecast(fence, new Forecast(Map.of("run", new Forecast.Effort(4, 1L, 0.25, null))));
		return fence;
	}

	static RangeProgress planned(String last, int count, boolean done) {
		return new RangeProgress(new ListingPosition(null, Key.of(last)),
				new EntryCounts(count, 0, 0, 0, count, 0, 0, 0, 0), new CallCounts(1, 0, 0, 0), Map.of(), done,
				new Findings(Map.of("tag", Map.of("größe", (long) count)),
						List.of(new Findings.Sample(Key.of(new byte[] { (byte) 0xff }), "{\"tag\":\"größe\"}"))));
	}

	/** A run with so many ranges. */
	RunFence beginWithRanges(String name, int ranges) {
		RunFence fence = begin(name);
		List<KeyRange> bounds = IntStream.range(0, ranges).mapToObj((i) -> KeyRange.of(Key.of("p" + i + "/"))).toList();
		this.ledger.saveRanges(fence, bounds);
		return fence;
	}

	static List<Key> keys(String... names) {
		return Arrays.stream(names).map(Key::of).toList();
	}

	/** Announces keys and settles all of them as deleted. */
	LedgerCall delete(RunFence fence, int range, String... names) {
		LedgerCall call = this.ledger.announce(fence, range, keys(names));
		RangeProgress before = this.ledger.ranges(fence.run()).get(range - 1).progress();
		this.ledger.settle(fence, call, all(Outcome.DELETED, names.length), deleted(before, names));
		return call;
	}

	static List<KeyOutcome> all(Outcome outcome, int count) {
		return Collections.nCopies(count, KeyOutcome.of(outcome));
	}

	private static RangeProgress deleted(RangeProgress before, String... names) {
		int count = names.length;
		return new RangeProgress(new ListingPosition(null, Key.of(names[count - 1])),
				before.counts().plus(new EntryCounts(count, 0, 0, 0, count, count, 0, 0, 0)),
				before.calls().plus(new CallCounts(1, 1, 0, 0)), Map.of(), false);
	}

	static void assertIntact(Verification verification, int ranges, long calls) {
		assertThat(verification.problem()).isNull();
		assertThat(verification.ranges()).isEqualTo(ranges);
		assertThat(verification.calls()).isEqualTo(calls);
	}

	/** Everything that the tables of the ledger hold, as text. */
	String content() {
		StringBuilder content = new StringBuilder();
		for (String table : List.of("purge_run", "purge_range", "purge_call")) {
			this.jdbc.sql("select * from " + table + " order by name, number").query((row) -> {
				for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
					Object value = row.getObject(i);
					boolean isBinary = row.getMetaData().getColumnName(i).equalsIgnoreCase("keys_packed");
					boolean isClob = value instanceof Clob;
					content.append(isBinary ? Arrays.toString(row.getBytes(i)) : isClob ? row.getString(i) : value)
						.append('|');
				}
				content.append('\n');
			});
		}
		return content.toString();
	}

}
