package io.kvpurge.job;

import org.junit.jupiter.api.Test;

import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

import static org.assertj.core.api.Assertions.assertThat;

class PageBudgetTests {

	/** As Workers KV has them. */
	private static final StoreCapabilities REMOTE = StoreCapabilities.of(1000, 10_000,
			StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED);

	private static final StoreCapabilities TABLE = StoreCapabilities.of(10_000, 2000, StoreCapability.values());

	@Test
	void smallPagesAreNeverMadeSmallerAndFewerRangesAreWorkedOnInstead() {
		for (int partitions : new int[] { 1, 8, 50, 256 }) {
			assertThat(new PageBudget(REMOTE, partitions).pageSize()).isEqualTo(1000);
		}
		assertThat(new PageBudget(REMOTE, 8).ranges()).isEqualTo(8);
		assertThat(new PageBudget(REMOTE, 256).ranges()).isEqualTo(50);
	}

	@Test
	void pagesOfATableAreMadeSmallerWhereThereAreManyRanges() {
		assertThat(new PageBudget(TABLE, 1).pageSize()).isEqualTo(10_000);
		assertThat(new PageBudget(TABLE, 64).pageSize()).isEqualTo(195);
		assertThat(new PageBudget(TABLE, 64).ranges()).isEqualTo(64);
	}

	@Test
	void whatFillsACallCanBeListedAhead() {
		assertThat(new PageBudget(REMOTE, 8).depth()).isEqualTo(10);
		assertThat(new PageBudget(TABLE, 4).depth()).isEqualTo(1);
	}

	@Test
	void pagesAheadOfAllRangesAreBounded() {
		PageBudget budget = new PageBudget(REMOTE, 8);
		int taken = 0;
		while (budget.tryAhead()) {
			taken++;
		}
		assertThat(taken).isEqualTo(25);
		budget.release();
		assertThat(budget.tryAhead()).isTrue();
	}

	@Test
	void callsAreFullWithAsManyRangesAsHelp() {
		assertThat(new PageBudget(REMOTE, 20).batchLimit()).isEqualTo(10_000);
		assertThat(new PageBudget(REMOTE, 50).batchLimit()).isEqualTo(4000);
	}

	@Test
	void whatIsComparedAgainIsHeldWholeAndSoInSmallerCalls() {
		StoreCapabilities table = StoreCapabilities.of(10_000, 10_000, StoreCapability.values());
		assertThat(new PageBudget(table, 1).batchLimit()).isEqualTo(10_000);
		assertThat(new PageBudget(table, 4).batchLimit()).isEqualTo(3125);
		assertThat(new PageBudget(table, 64).batchLimit()).isEqualTo(195);
	}

	@Test
	void onlyWhatTheStoreComparesMayWaitForFurtherPages() {
		assertThat(new PageBudget(REMOTE, 8).chunkSize()).isEqualTo(1000);
		StoreCapabilities comparing = StoreCapabilities.of(100, 1000, StoreCapability.values());
		assertThat(new PageBudget(comparing, 4).chunkSize()).isEqualTo(1000);
		assertThat(new PageBudget(comparing, 64).chunkSize()).isEqualTo(195);
		assertThat(new PageBudget(TABLE, 4).chunkSize()).isEqualTo(3125);
	}

}
