package io.kvpurge.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.ledger.Forecast;
import io.kvpurge.ledger.Forecast.Effort;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.store.PriceList;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.resilient.KeyPace;

/**
 * Works out from a plan what its deletion would take: to run the definition, which lists
 * again, or to apply the plan, which reads each of its keys again; each with and without
 * a backup, for which each entry is read.
 */
final class Forecasting {

	private final StoreCapabilities capabilities;

	private final @Nullable RequestRate rate;

	private final @Nullable Integer keysPerSecond;

	private final @Nullable PriceList prices;

	private final SecondLook secondLook;

	Forecasting(RunSetup run) {
		this(run.store().capabilities(), rate(run), run.limits().keysPerSecond(), run.store().terms().prices(),
				secondLook(run));
	}

	/**
	 * @param secondLook how a run looks again at what matches
	 */
	Forecasting(StoreCapabilities capabilities, @Nullable RequestRate rate, @Nullable Integer keysPerSecond,
			@Nullable PriceList prices, SecondLook secondLook) {
		this.capabilities = capabilities;
		this.rate = rate;
		this.keysPerSecond = keysPerSecond;
		this.prices = prices;
		this.secondLook = secondLook;
	}

	private static SecondLook secondLook(RunSetup run) {
		PurgeDefinition definition = run.definition().definition();
		if (definition.recheck() || definition.backup() != null) {
			return SecondLook.READING;
		}
		return definition.limits().judgeFirst() ? SecondLook.CHEAPEST : SecondLook.NONE;
	}

	private static @Nullable RequestRate rate(RunSetup run) {
		RequestRate declared = run.definition().definition().requests();
		return (declared != null) ? declared : run.store().terms().requests();
	}

	Forecast forecast(List<LedgerRange> ranges) {
		Map<String, Effort> ways = new LinkedHashMap<>();
		ways.put("run", effort(ranges, true, this.secondLook));
		ways.put("run with backup", effort(ranges, true, SecondLook.READING));
		ways.put("apply", effort(ranges, false, SecondLook.READING));
		ways.put("apply with backup", effort(ranges, false, SecondLook.READING));
		return new Forecast(ways);
	}

	private Effort effort(List<LedgerRange> ranges, boolean listing, SecondLook again) {
		long lists = 0;
		long reads = 0;
		long readKeys = 0;
		long deletes = 0;
		long keys = 0;
		for (LedgerRange range : ranges) {
			RangeProgress found = range.progress();
			long matched = found.counts().matched();
			int together = (again == SecondLook.CHEAPEST)
					? ListingOn.batchLimit(found.counts(), this.capabilities.pageLimit(), this.capabilities) : 0;
			keys += matched;
			lists += listing ? found.calls().list() : 0;
			if (together > 0) {
				lists += found.calls().list();
				deletes += deletes(matched, together);
			}
			else if (again != SecondLook.NONE) {
				reads += calls(matched, this.capabilities.readLimit());
				readKeys += matched;
				deletes += deletes(matched, SecondJudgement.batchLimit(this.capabilities));
			}
			else {
				deletes += deletes(matched, this.capabilities.bulkLimit());
			}
		}
		long calls = lists + reads + deletes;
		return new Effort(calls, seconds(calls, keys), dollars(lists, readKeys, keys), freeDays(lists, readKeys, keys));
	}

	private static long calls(long keys, int limit) {
		return (keys + limit - 1) / limit;
	}

	private long deletes(long keys, int limit) {
		return calls(keys, KeyPace.callLimit(limit, this.keysPerSecond));
	}

	/** Requests and keys keep their paces at the same time. */
	private @Nullable Long seconds(long calls, long keys) {
		Long requests = (this.rate != null)
				? Math.round(calls * (this.rate.per().toMillis() / 1000.0) / this.rate.requests()) : null;
		if (this.keysPerSecond == null) {
			return requests;
		}
		return Math.max((requests != null) ? requests : 0, Math.round((double) keys / this.keysPerSecond));
	}

	private @Nullable Double dollars(long lists, long reads, long deletes) {
		return (this.prices != null) ? this.prices.lists().dollars(lists) + this.prices.reads().dollars(reads)
				+ this.prices.deletes().dollars(deletes) : null;
	}

	private @Nullable Long freeDays(long lists, long reads, long deletes) {
		return (this.prices != null) ? Math.max(this.prices.lists().freeDays(lists),
				Math.max(this.prices.reads().freeDays(reads), this.prices.deletes().freeDays(deletes))) : null;
	}

	/** How what matches is looked at once more before it is deleted. */
	enum SecondLook {

		/** It is not. */
		NONE,

		/** It is read. */
		READING,

		/** It is read or listed, whichever takes fewer calls. */
		CHEAPEST

	}

}
