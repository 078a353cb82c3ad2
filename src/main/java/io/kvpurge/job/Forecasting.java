package io.kvpurge.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.Forecast;
import io.kvpurge.ledger.Forecast.Effort;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.store.PriceList;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreCapabilities;

/**
 * Works out from a plan what its deletion would take: to run the definition, which lists
 * again, or to apply the plan, which reads each of its keys again; each with and without
 * a backup, for which each entry is read.
 */
final class Forecasting {

	private final StoreCapabilities capabilities;

	private final @Nullable RequestRate rate;

	private final @Nullable PriceList prices;

	private final boolean recheck;

	Forecasting(RunSetup run) {
		this(run.store().capabilities(), rate(run), run.store().terms().prices(),
				run.definition().definition().recheck() || run.definition().definition().backup() != null);
	}

	/**
	 * @param recheck whether a run reads entries again before it deletes them
	 */
	Forecasting(StoreCapabilities capabilities, @Nullable RequestRate rate, @Nullable PriceList prices,
			boolean recheck) {
		this.capabilities = capabilities;
		this.rate = rate;
		this.prices = prices;
		this.recheck = recheck;
	}

	private static @Nullable RequestRate rate(RunSetup run) {
		RequestRate declared = run.definition().definition().requests();
		return (declared != null) ? declared : run.store().terms().requests();
	}

	Forecast forecast(List<LedgerRange> ranges) {
		Map<String, Effort> ways = new LinkedHashMap<>();
		ways.put("run", effort(ranges, true, this.recheck));
		ways.put("run with backup", effort(ranges, true, true));
		ways.put("apply", effort(ranges, false, true));
		ways.put("apply with backup", effort(ranges, false, true));
		return new Forecast(ways);
	}

	private Effort effort(List<LedgerRange> ranges, boolean listing, boolean reading) {
		int batch = reading ? SecondJudgement.batchLimit(this.capabilities) : this.capabilities.bulkLimit();
		long lists = 0;
		long reads = 0;
		long deletes = 0;
		long keys = 0;
		for (LedgerRange range : ranges) {
			long matched = range.progress().counts().matched();
			keys += matched;
			lists += listing ? range.progress().calls().list() : 0;
			reads += reading ? calls(matched, this.capabilities.readLimit()) : 0;
			deletes += calls(matched, batch);
		}
		long calls = lists + reads + deletes;
		return new Effort(calls, seconds(calls), dollars(lists, reading ? keys : 0, keys),
				freeDays(lists, reading ? keys : 0, keys));
	}

	private static long calls(long keys, int limit) {
		return (keys + limit - 1) / limit;
	}

	private @Nullable Long seconds(long calls) {
		return (this.rate != null) ? Math.round(calls * (this.rate.per().toMillis() / 1000.0) / this.rate.requests())
				: null;
	}

	private @Nullable Double dollars(long lists, long reads, long deletes) {
		return (this.prices != null) ? this.prices.lists().dollars(lists) + this.prices.reads().dollars(reads)
				+ this.prices.deletes().dollars(deletes) : null;
	}

	private @Nullable Long freeDays(long lists, long reads, long deletes) {
		return (this.prices != null) ? Math.max(this.prices.lists().freeDays(lists),
				Math.max(this.prices.reads().freeDays(reads), this.prices.deletes().freeDays(deletes))) : null;
	}

}
