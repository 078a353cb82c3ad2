package io.kvpurge.job;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;

class CountedFolderTests {

	private static final EntryCounts ONE_STAYED = new EntryCounts(1, 1, 0, 0, 0, 0, 0, 0, 0);

	@Test
	void whatAnotherMayHaveGoneOnWithIsForgottenAndTheRestIsNot(@TempDir Path home) {
		CountedFolder folder = new CountedFolder(Home.inFolder(home, Clock.systemUTC()).definition("test"), 1);
		folder.forget(3);
		remember(folder.range(1));
		remember(folder.range(2));
		folder.forget(1);
		assertThat(isRemembered(folder.range(1))).isFalse();
		assertThat(isRemembered(folder.range(2))).isTrue();
	}

	private static void remember(Path file) {
		try (CountedKeys keys = CountedKeys.open(file)) {
			keys.stays(Key.of("a"));
			keys.save(ONE_STAYED, List.of(), List.of());
		}
	}

	private static boolean isRemembered(Path file) {
		try (CountedKeys keys = CountedKeys.open(file)) {
			return keys.recall(ONE_STAYED);
		}
	}

}
