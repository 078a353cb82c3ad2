package io.kvpurge.ledger;

import java.util.Map;

/**
 * The sum over the ranges of a run.
 *
 * @param ranges how many there are
 * @param rangesDone how many of them are done
 * @param counts what became of the entries
 * @param calls what was sent to the store
 * @param reasons why rules could not be decided, with the number of entries, most
 * frequent first
 */
public record RunTotals(int ranges, int rangesDone, EntryCounts counts, CallCounts calls, Map<String, Long> reasons) {

}
