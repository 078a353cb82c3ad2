package io.kvpurge.testkit.cloudflare;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong by chance.
 *
 * @param chances from 0 to 1, each by itself
 * @param retryAfter seconds that a throttled client is told to wait
 */
public record Faults(long seed, Map<FaultKind, Double> chances, int retryAfter) {

	public Faults {
		chances = Map.copyOf(chances);
	}

	public static Faults none() {
		return seeded(0);
	}

	public static Faults seeded(long seed) {
		return new Faults(seed, Map.of(), 1);
	}

	/** Everything that can go wrong, each with that chance. */
	public static Faults all(long seed, double chance) {
		Faults faults = seeded(seed);
		for (FaultKind kind : FaultKind.values()) {
			faults = faults.with(kind, chance);
		}
		return faults;
	}

	public Faults with(FaultKind kind, double chance) {
		Map<FaultKind, Double> more = new EnumMap<>(FaultKind.class);
		more.putAll(this.chances);
		more.put(kind, chance);
		return new Faults(this.seed, more, this.retryAfter);
	}

	public Faults withRetryAfter(int seconds) {
		return new Faults(this.seed, this.chances, seconds);
	}

	@Nullable Fault next(Call call, boolean withCursor, Random random) {
		for (FaultKind kind : FaultKind.values()) {
			Double chance = this.chances.get(kind);
			if (chance != null && random.nextDouble() < chance) {
				Fault fault = kind.fault(random, this.retryAfter);
				if (fault.fits(call, withCursor)) {
					return fault;
				}
			}
		}
		return null;
	}

}
