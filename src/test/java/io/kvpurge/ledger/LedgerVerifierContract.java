package io.kvpurge.ledger;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever writes to the tables past the ledger is found. */
abstract class LedgerVerifierContract extends LedgerContract {

	private static final RunId RUN = new RunId("cache", 2);

	private static final String RANGE_1 = "range-00001 of run cache.2";

	private static final String RANGE_2 = "range-00002 of run cache.2";

	/** Two sealed runs; the second has calls in two of three ranges. */
	private RunFence twoRuns(boolean isSealed) {
		this.ledger.seal(beginWithRanges("cache", 1), RunState.COMPLETED, "done");
		RunFence fence = beginWithRanges("cache", 3);
		for (int i = 0; i < 3; i++) {
			delete(fence, 1, "a" + i, "b" + i);
			delete(fence, 2, "c" + i, "d" + i);
		}
		LedgerCall refused = this.ledger.announce(fence, 2, keys("x", "y"));
		RangeProgress before = this.ledger.ranges(fence.run()).get(1).progress();
		this.ledger.settle(fence, refused,
				List.of(new KeyOutcome(Outcome.REFUSED, "a foreign key"), KeyOutcome.of(Outcome.LEFT)),
				new RangeProgress(new ListingPosition(null, Key.of("x")),
						before.counts().plus(new EntryCounts(3, 1, 0, 1, 1, 0, 0, 0, 1)), before.calls(),
						Map.of("metadata.x is missing", 1L), false));
		if (isSealed) {
			this.ledger.seal(fence, RunState.COMPLETED, "done");
		}
		return fence;
	}

	private int tamper(String sql, Object... values) {
		return this.jdbc.sql(sql).params(values).update();
	}

	private String problem() {
		return this.ledger.verify(RUN).problem();
	}

	@Test
	void intactRunIsIntact() {
		twoRuns(true);
		assertIntact(this.ledger.verify(RUN), 3, 7);
		assertIntact(this.ledger.verify(new RunId("cache", 1)), 1, 0);
	}

	@Test
	void runWithACallInDoubtIsIntact() {
		RunFence fence = twoRuns(false);
		this.ledger.announce(fence, 3, keys("z"));
		assertIntact(this.ledger.verify(RUN), 3, 8);
		this.ledger.seal(fence, RunState.SUPERSEDED, "newer digest");
		assertIntact(this.ledger.verify(RUN), 3, 8);
	}

	@Test
	void unknownRunIsSaidSo() {
		assertThat(problem()).isEqualTo("there is no run cache.2");
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void changedKeyIsFound(boolean isSealed) {
		twoRuns(isSealed);
		tamper("update purge_call set keys_packed = ? where number = 2 and range_no = 1 and sequence = 2",
				KeyCodec.pack(keys("a1", "other")));
		assertThat(problem())
			.isEqualTo(RANGE_1 + ", call 2: its keys, or the call before it, are not what was announced");
	}

	@Test
	void changedKeyIsFoundEvenWhereItsHashesWereMadeToFit() {
		twoRuns(true);
		LedgerCall second = call(1, 2);
		forge(second, call(1, 1).announcedHash(), keys("a1", "other"));
		assertThat(problem())
			.isEqualTo(RANGE_1 + ", call 3: its keys, or the call before it, are not what was announced");
	}

	@Test
	void changedLastCallIsFoundBySealEvenWhereItsHashesWereMadeToFit() {
		twoRuns(true);
		forge(call(1, 3), call(1, 2).announcedHash(), keys("a2", "other"));
		assertThat(problem()).isEqualTo(RANGE_1 + ": its bounds, counts or calls are not what was sealed");
	}

	/** Writes other keys into a call with all its own hashes as they would be. */
	private void forge(LedgerCall call, String previous, List<Key> keys) {
		String announced = CallHashes.announced(previous, RUN, call.range(), call.sequence(), call.attempt(),
				call.announcedAt(), keys);
		String settled = CallHashes.settled(announced, OutcomeCodec.text(call.outcomes()), "{}", call.settledAt());
		tamper("""
				update purge_call set keys_packed = ?, announced_hash = ?, settled_hash = ?
				where number = 2 and range_no = ? and sequence = ?""", KeyCodec.pack(keys), announced, settled,
				call.range(), call.sequence());
	}

	private LedgerCall call(int range, int sequence) {
		LedgerCall[] found = new LedgerCall[1];
		this.ledger.calls(RUN, (call) -> {
			if (call.range() == range && call.sequence() == sequence) {
				found[0] = call;
			}
		});
		return found[0];
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "outcomes = '1D 1S';its outcomes are not what was settled",
			"outcomes = '3D';cannot be read: there are more outcomes than keys",
			"outcomes = '1D';cannot be read: there are 1 outcomes for 2 keys",
			"outcomes = '2Z';cannot be read: 'Z' is no outcome",
			"reasons = '{\"0\":\"x\"}';its outcomes are not what was settled", "reasons = 'x';cannot be read",
			"key_count = 3;its number of keys is not what was announced",
			"deleted = 1;its counts do not fit its outcomes", "left_over = 1;its counts do not fit its outcomes",
			"attempt = 2;are not what was announced", "settled_hash = 'x';its outcomes are not what was settled",
			"announced_hash = 'x';are not what was announced",
			"announced_at = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00';are not what was announced",
			"settled_at = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00';its outcomes are not what was settled",
			"state = 'ANNOUNCED', settled_hash = null;its outcomes are not what was settled" })
	void changedCallIsFound(String change, String problem) {
		twoRuns(true);
		tamper("update purge_call set " + change + " where number = 2 and range_no = 2 and sequence = 2");
		assertThat(problem()).startsWith(RANGE_2 + ", call 2: ").contains(problem);
	}

	@Test
	void damagedKeysAreFound() {
		twoRuns(true);
		tamper("update purge_call set keys_packed = ? where number = 2 and range_no = 1 and sequence = 1",
				new byte[] { 1, 2, 3 });
		assertThat(problem()).startsWith(RANGE_1 + ", call 1: cannot be read: the packed keys are");
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void callDroppedInTheMiddleIsFound(boolean isSealed) {
		twoRuns(isSealed);
		tamper("delete from purge_call where number = 2 and range_no = 1 and sequence = 2");
		assertThat(problem()).isEqualTo(RANGE_1 + ", call 3: call 2 before it is missing");
	}

	@Test
	void lastCallDroppedIsFound() {
		twoRuns(true);
		tamper("delete from purge_call where number = 2 and range_no = 1 and sequence = 3");
		assertThat(problem()).isEqualTo(RANGE_1 + ": its bounds, counts or calls are not what was sealed");
	}

	@Test
	void lastCallDroppedIsFoundInAnUnsealedRunByItsCounts() {
		twoRuns(false);
		tamper("delete from purge_call where number = 2 and range_no = 1 and sequence = 3");
		assertThat(problem()).isEqualTo(RANGE_1 + ": its counts do not follow from its calls");
	}

	@Test
	void callsInAnotherOrderAreFound() {
		twoRuns(true);
		tamper("update purge_call set sequence = 9 where number = 2 and range_no = 1 and sequence = 1");
		tamper("update purge_call set sequence = 1 where number = 2 and range_no = 1 and sequence = 2");
		tamper("update purge_call set sequence = 2 where number = 2 and range_no = 1 and sequence = 9");
		assertThat(problem())
			.isEqualTo(RANGE_1 + ", call 1: its keys, or the call before it, are not what was announced");
	}

	@Test
	void callThatWasAddedIsFound() {
		twoRuns(true);
		addCall(3, 1);
		assertThat(problem()).isEqualTo(
				"range-00003 of run cache.2, call 1: its keys, or the call before it, are not what was announced");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pruned_calls = 0", "pruned_announced = 'x'", "pruned_settled = 'x'" })
	void aRangeThatSaysItWasPrunedIsFound(String change) {
		twoRuns(true);
		tamper("update purge_range set " + change + " where number = 2 and range_no = 2");
		assertThat(problem()).isNotNull().startsWith(RANGE_2);
	}

	@Test
	void callThatWasAddedWithItsHashesIsFound() {
		twoRuns(true);
		addCall(1, 4);
		LedgerCall added = call(1, 4);
		forge(added, call(1, 3).announcedHash(), added.keys());
		assertThat(problem()).isEqualTo(RANGE_1 + ": its bounds, counts or calls are not what was sealed");
	}

	private void addCall(int range, int sequence) {
		tamper("""
				insert into purge_call select name, number, %d, %d, attempt, state, key_count, keys_packed, outcomes,
					reasons, deleted, inferred, vanished, spared, refused, left_over, announced_at, settled_at,
					announced_hash, settled_hash
				from purge_call where number = 2 and range_no = 1 and sequence = 1""".formatted(range, sequence));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "listed = 99", "unmatched = 0", "held = 1", "undecided = 0", "matched = 1", "deleted = 5",
					"vanished = 1", "spared = 1", "refused = 0", "list_calls = 0", "delete_calls = 9",
					"other_calls = 1", "retried_calls = 1", "done = true", "reasons = '{}'", "position = '{}'",
					"bounds = '{\"prefix\":\"\"}'", "position = 'x'" })
	void changedRangeIsFound(String change) {
		twoRuns(true);
		assertThat(tamper("update purge_range set " + change + " where number = 2 and range_no = 2")).isOne();
		assertThat(problem()).isEqualTo(RANGE_2 + ": its bounds, counts or calls are not what was sealed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "as_of = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'",
			"store = 'memory:other'", "reason = 'well done'", "reason = null", "parameters = '{}'", "mode = 'PLAN'",
			"guarantee = 'compare-and-delete'", "tells_vanished = false", "launched_by = 'joe'", "host = 'other'",
			"pid = 1", "version = '9'", "attempts = 2", "state = 'SUPERSEDED'", "previous_seal = null",
			"previous_seal = 'x'", "seal = 'x'", "started_at = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'",
			"ended_at = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'" })
	void changedRunIsFound(String change) {
		twoRuns(true);
		assertThat(tamper("update purge_run set " + change + " where number = 2")).isOne();
		assertThat(problem())
			.isEqualTo("run cache.2: its row, its definition, its attempts or its ranges are not what was sealed");
	}

	@Test
	void runThatCannotBeReadIsSaidSo() {
		twoRuns(true);
		tamper("update purge_run set guarantee = 'none' where number = 2");
		assertThat(problem()).isEqualTo("run cache.2: cannot be read: 'none' is no guarantee");
	}

	@Test
	void changedDefinitionIsFound() {
		twoRuns(true);
		tamper("update purge_definition set definition_text = 'name: other'");
		assertThat(problem()).startsWith("run cache.2: its row, its definition");
	}

	@Test
	void droppedRangeIsFound() {
		twoRuns(true);
		tamper("delete from purge_range where number = 2 and range_no = 3");
		assertThat(problem()).startsWith("run cache.2: ");
	}

	@Test
	void addedRangeIsFound() {
		RunFence fence = twoRuns(true);
		new PurgeRangeTable(this.jdbc).insert(fence.run(), 4, KeyRange.of(Key.of("")));
		assertThat(problem()).startsWith("range-00004 of run cache.2: ");
	}

	@Test
	void changedSealOfTheRunBeforeIsFound() {
		twoRuns(true);
		tamper("update purge_run set seal = 'x' where number = 1");
		assertThat(this.ledger.verify(new RunId("cache", 1)).problem()).startsWith("run cache.1: its row");
		assertThat(problem()).startsWith("run cache.2: the seal before it, ").endsWith(" is that of no other run");
	}

	@Test
	void droppedRunBeforeIsFound() {
		twoRuns(true);
		tamper("delete from purge_range where number = 1");
		tamper("delete from purge_attempt where number = 1");
		tamper("delete from purge_run where number = 1");
		assertThat(problem()).startsWith("run cache.2: the seal before it, ");
	}

	@ParameterizedTest
	@CsvSource({ "launched_by = 'joe'", "host = 'other'", "pid = 1", "version = '9'", "state = 'FAILED'",
			"reason = 'well done'", "attempt = 7", "ended_at = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'",
			"started_at = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'" })
	void changedAttemptIsFound(String change) {
		twoRuns(true);
		assertThat(tamper("update purge_attempt set " + change + " where number = 2")).isOne();
		assertThat(problem()).startsWith("run cache.2: its row, its definition, its attempts");
	}

	@Test
	void droppedAttemptsAreFound() {
		twoRuns(true);
		tamper("delete from purge_attempt where number = 2");
		assertThat(problem()).startsWith("run cache.2: its row, its definition, its attempts");
	}

	@ParameterizedTest
	@CsvSource({ "deleted = deleted + 1", "deleted = deleted - 1", "vanished = 1", "spared = 1", "refused = 2" })
	void countsOfAnUnsealedRunThatDoNotFollowFromItsCallsAreFound(String change) {
		twoRuns(false);
		assertThat(problem()).isNull();
		tamper("update purge_range set " + change + " where number = 2 and range_no = 2");
		assertThat(problem()).isEqualTo(RANGE_2 + ": its counts do not follow from its calls");
	}

	@Test
	void anUnsealedRunHasNoSealedRanges() {
		twoRuns(false);
		tamper("update purge_range set sealed_hash = 'x' where number = 2 and range_no = 2");
		assertThat(problem()).isEqualTo(RANGE_2 + ": is sealed, but its run is not");
	}

	@Test
	void anUnsealedRunNamesNoSealBeforeIt() {
		twoRuns(false);
		tamper("update purge_run set previous_seal = 'x' where number = 2");
		assertThat(problem()).isEqualTo("run cache.2: was pruned or names a seal before it, but has none of its own");
	}

	@ParameterizedTest
	@CsvSource({ "outcomes = '1D'", "reasons = '{}'",
			"settled_at = TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00'" })
	void whatIsInDoubtSaysNothingOfItsOutcome(String change) {
		RunFence fence = twoRuns(false);
		this.ledger.announce(fence, 3, keys("z"));
		assertThat(tamper("update purge_call set " + change + " where number = 2 and range_no = 3")).isOne();
		assertThat(problem()).isNotNull().startsWith("range-00003 of run cache.2, call 1: ");
	}

	@Test
	void aRunThatSaysItWasPrunedAndWhoseRangesDoNotIsFound() {
		twoRuns(true);
		tamper("update purge_run set pruned_at = TIMESTAMP WITH TIME ZONE '2030-01-01 00:00:00+00' where number = 2");
		assertThat(problem()).isEqualTo(RANGE_1 + ": does not say what was pruned, but its run was");
	}

}
