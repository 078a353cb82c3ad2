package io.kvpurge.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;

class H2LedgerPruningTests extends LedgerPruningContract {

	@TempDir
	Path home;

	@Override
	LedgerDatabase open(Clock clock) {
		return LedgerDatabase.openFile(this.home.resolve("ledger"), clock);
	}

	@Test
	void theFileGetsSmaller() throws IOException {
		RunFence fence = beginWithRanges("cache", 1);
		Random random = new Random(1);
		for (int i = 0; i < 100; i++) {
			List<Key> keys = IntStream.range(0, 1000).mapToObj((j) -> Key.of("k" + random.nextLong())).toList();
			LedgerCall call = this.ledger.announce(fence, 1, keys);
			this.ledger.settle(fence, call, all(Outcome.LEFT, 1000), RangeProgress.START);
		}
		this.ledger.seal(fence, RunState.COMPLETED, "done");
		close();
		Path file = this.home.resolve("ledger.mv.db");
		long before = Files.size(file);
		open();
		this.ledger.prune("cache", Instant.parse("2100-01-01T00:00:00Z"));
		this.database.compact();
		close();
		assertThat(before).isGreaterThan(1_000_000);
		assertThat(Files.size(file)).isLessThan(500_000);
		open();
		assertIntact(this.ledger.verify(fence.run()), 1, 0);
	}

}
