package io.kvpurge.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.kvpurge.job.LiveRun;
import io.kvpurge.job.Pace;
import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;

import static org.assertj.core.api.Assertions.assertThat;

class WatchedRunTests {

	private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private static LiveRun live(int second, long listed, long deleted, int done) {
		return new LiveRun("assets.3", 1, 4711, "h", NOON, NOON.plusSeconds(second),
				new RunTotals(4, done, new EntryCounts(listed, 0, 0, 0, listed, deleted, 0, 0, 0), CallCounts.ZERO,
						Map.of()),
				List.of(), new Pace(500L, (done > 0) ? Duration.ofMinutes(3) : null, null, "it is new", null));
	}

	private String followed(@Nullable LiveRun... shown) {
		Iterator<@Nullable LiveRun> looks = Arrays.asList(shown).iterator();
		new WatchedRun(looks::next, new PrintStream(this.bytes, true, StandardCharsets.UTF_8), () -> true).follow();
		return this.bytes.toString(StandardCharsets.UTF_8);
	}

	@Test
	void showsALineForEachTimeThatItShowsItself() {
		LiveRun again = live(2, 3_000, 0, 0);
		assertThat(followed(live(0, 1_000, 0, 0), again, again, live(4, 3_000, 5_000, 1), null).lines())
			.containsExactly("assets.3 listed 1,000, matched 1,000, deleted 0, ranges 0 of 4",
					"assets.3 listed 3,000, matched 3,000, deleted 0, 1,000 keys/s, ranges 0 of 4",
					"assets.3 listed 3,000, matched 3,000, deleted 5,000, 2,500 keys/s, ranges 1 of 4, about 3 min left");
	}

	@Test
	void saysNothingOfWhatDoesNotRun() {
		assertThat(followed((LiveRun) null)).isEmpty();
	}

}
