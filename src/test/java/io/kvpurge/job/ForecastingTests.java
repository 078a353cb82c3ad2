package io.kvpurge.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.kvpurge.job.Forecasting.SecondLook;
import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.Forecast.Effort;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunId;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.PriceList;
import io.kvpurge.store.PriceList.Price;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;

import static org.assertj.core.api.Assertions.assertThat;

class ForecastingTests {

	/** The limits of a service that deletes many keys at once and reads few. */
	private static final StoreCapabilities CAPABILITIES = StoreCapabilities.of(1000, 10_000).withReadLimit(100);

	private static final PriceList PRICES = new PriceList(new Price(5.00, 1_000_000, 1000),
			new Price(0.50, 10_000_000, 100_000), new Price(5.00, 1_000_000, 1000));

	private static final StoreCapabilities FAR = StoreCapabilities
		.of(1000, 10_000, StoreCapability.METADATA_IN_LISTING, StoreCapability.ORDERED)
		.withReadLimit(100);

	private static LedgerRange range(long matched, long lists) {
		return range(matched, matched, lists);
	}

	private static LedgerRange range(long listed, long matched, long lists) {
		return new LedgerRange(new RunId("a", 1), 1, KeyRange.of(Key.of("")),
				new RangeProgress(ListingPosition.START,
						new EntryCounts(listed, listed - matched, 0, 0, matched, 0, 0, 0, 0),
						new CallCounts(lists, 0, 0, 0), Map.of(), true));
	}

	@Test
	void aRunListsAgainAndAnApplicationReadsEachKey() {
		Map<String, Effort> ways = new Forecasting(CAPABILITIES, null, null, null, SecondLook.NONE)
			.forecast(List.of(range(15_000, 40), range(1, 10)))
			.ways();
		assertThat(ways.get("run")).isEqualTo(new Effort(50 + 2 + 1, null, null, null));
		assertThat(ways.get("run with backup").calls()).isEqualTo(50 + 150 + 1 + 15 + 1);
		assertThat(ways.get("apply").calls()).isEqualTo(150 + 1 + 15 + 1);
		assertThat(ways.get("apply with backup")).isEqualTo(ways.get("apply"));
	}

	@Test
	void recheckReadsEachKeyToo() {
		Map<String, Effort> ways = new Forecasting(CAPABILITIES, null, null, null, SecondLook.READING)
			.forecast(List.of(range(15_000, 40)))
			.ways();
		assertThat(ways.get("run").calls()).isEqualTo(40 + 150 + 15);
	}

	@Test
	void aRunThatIsJudgedReadsOrListsOnceMore() {
		Forecasting forecasting = new Forecasting(FAR, null, null, null, SecondLook.CHEAPEST);
		assertThat(forecasting.forecast(List.of(range(100_000, 2_000, 100))).ways().get("run").calls())
			.isEqualTo(100 + 20 + 2);
		assertThat(forecasting.forecast(List.of(range(100_000, 50_000, 100))).ways().get("run").calls())
			.isEqualTo(100 + 100 + 5);
	}

	@Test
	void timeFollowsFromTheRateLimit() {
		Map<String, Effort> ways = new Forecasting(CAPABILITIES, new RequestRate(1200, Duration.ofMinutes(5)), null,
				null, SecondLook.NONE)
			.forecast(List.of(range(1_000_000, 10_000)))
			.ways();
		assertThat(ways.get("run").seconds()).isEqualTo(2525);
	}

	@Test
	void timeFollowsFromThePaceOfKeysWhereThatIsTheSlower() {
		Map<String, Effort> ways = new Forecasting(CAPABILITIES, new RequestRate(1200, Duration.ofMinutes(5)), 2000,
				null, SecondLook.NONE)
			.forecast(List.of(range(1_000_000, 40)))
			.ways();
		assertThat(ways.get("run").calls()).isEqualTo(40 + 1_000_000 / 200);
		assertThat(ways.get("run").seconds()).isEqualTo(1260);
		assertThat(
				new Forecasting(CAPABILITIES, null, 2000, null, SecondLook.NONE).forecast(List.of(range(1_000_000, 40)))
					.ways()
					.get("run")
					.seconds())
			.isEqualTo(500);
	}

	@Test
	void costIsWhatIsNotIncludedAndTheFreePlanTakesDays() {
		Map<String, Effort> ways = new Forecasting(CAPABILITIES, null, null, PRICES, SecondLook.NONE)
			.forecast(List.of(range(5_000_000, 10_000)))
			.ways();
		assertThat(ways.get("run").dollars()).isEqualTo(20.0);
		assertThat(ways.get("run").freeDays()).isEqualTo(5000);
		assertThat(new Forecasting(CAPABILITIES, null, null, PRICES, SecondLook.NONE)
			.forecast(List.of(range(20_000_000, 20_000)))
			.ways()
			.get("apply")
			.dollars()).isEqualTo(95.0 + 5.0);
	}

	@Test
	void nothingTakesNothing() {
		assertThat(new Forecasting(CAPABILITIES, null, null, PRICES, SecondLook.NONE).forecast(List.of(range(0, 0)))
			.ways()
			.values()).containsOnly(new Effort(0, null, 0.0, 0L));
	}

}
