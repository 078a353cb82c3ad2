package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunTotals;

import static org.assertj.core.api.Assertions.assertThat;

class LiveRunTests {

	@TempDir
	Path folder;

	@Test
	void isReadAsItWasWritten() {
		LiveRun run = new LiveRun("assets.2", 1, 4711, "h", Instant.EPOCH, Instant.EPOCH.plusSeconds(7),
				new RunTotals(4, 1, EntryCounts.ZERO, CallCounts.ZERO, Map.of("no size", 3L)),
				List.of(new LiveRun.Range("range-00001", true, 5, 4, 3)),
				new Pace(50L, Duration.ofSeconds(150), null, null, null));
		Path file = this.folder.resolve("live.json");
		run.write(file);
		assertThat(LiveRun.read(file)).isEqualTo(run);
	}

	@Test
	void anOlderVersionShowsNeitherRangesNorPace() throws IOException {
		Path file = Files.writeString(this.folder.resolve("live.json"),
				"""
						{"run":"assets.2","attempt":1,"pid":4711,"host":"h","startedAt":"2026-01-01T00:00:00Z",
						"updatedAt":"2026-01-01T00:00:00Z","totals":{"ranges":4,"rangesDone":1,"counts":{"listed":1500,
						"unmatched":1000,"held":0,"undecided":0,"matched":500,"deleted":400,"vanished":0,"spared":0,"refused":0},
						"calls":{"list":1,"delete":1,"other":0,"retried":0},"reasons":{}}}""");
		LiveRun run = LiveRun.read(file);
		assertThat(run).isNotNull();
		assertThat(run.totals().counts().deleted()).isEqualTo(400);
		assertThat(run.ranges()).isEmpty();
		assertThat(run.pace()).isEqualTo(Pace.NOT_YET);
	}

}
