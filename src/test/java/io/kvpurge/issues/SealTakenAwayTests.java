package io.kvpurge.issues;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunIdentity;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunState;
import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyRange;

import static org.assertj.core.api.Assertions.assertThat;

/** A run whose seal was taken away passed for one that was not sealed yet. */
class SealTakenAwayTests {

	@Test
	void isFoundByTheHashesOfItsRanges(@TempDir Path folder) {
		try (LedgerDatabase database = LedgerDatabase.openFile(folder.resolve("ledger"), Clock.systemUTC())) {
			RunFence fence = database.ledger()
				.begin(new RunIdentity("cache", "digest", "{}", "memory:x", RunMode.PURGE, Instant.EPOCH),
						"name: cache", Guarantee.COMPARE_AND_DELETE, true, new RunOrigin("jane", "host", 1, "0"), null);
			database.ledger().saveRanges(fence, List.of(KeyRange.of(Key.of(""))));
			assertThat(database.ledger().verify(fence.run()).problem()).isNull();
			database.ledger().seal(fence, RunState.COMPLETED, "done");
			assertThat(database.ledger().verify(fence.run()).problem()).isNull();
			JdbcClient.create(database.dataSource())
				.sql("update purge_run set state = 'STOPPED', seal = null, previous_seal = null")
				.update();
			assertThat(database.ledger().verify(fence.run()).problem()).contains("sealed");
		}
	}

}
