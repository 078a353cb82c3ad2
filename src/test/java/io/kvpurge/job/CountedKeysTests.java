package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;

class CountedKeysTests {

	private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

	@TempDir
	private Path folder;

	private Path file = Path.of("");

	@BeforeEach
	void nameFile() {
		this.file = this.folder.resolve("runs").resolve("1");
	}

	private static Key key(int number) {
		return Key.of("key/" + number);
	}

	private static EntryCounts stayed(long count) {
		return new EntryCounts(count, count, 0, 0, 0, 0, 0, 0, 0);
	}

	@Test
	void aTableDoesWhatASetDoesWhileItGrowsAndShrinks() throws IOException {
		Fingerprint.Taker taker = new Fingerprint.Taker();
		List<Fingerprint> all = new ArrayList<>(IntStream.range(0, 5_000).mapToObj((i) -> taker.of(key(i))).toList());
		// Many with one home: gaps must be closed over the end of the table, too.
		IntStream.range(1, 500).forEach((i) -> all.add(new Fingerprint(-1, i)));
		Random random = new Random(7);
		Set<Fingerprint> set = new HashSet<>();
		try (FingerprintTable table = new FingerprintTable(this.folder.resolve("table"))) {
			for (int i = 0; i < 30_000; i++) {
				Fingerprint one = all.get(random.nextInt(all.size()));
				assertThat(table.contains(one)).isEqualTo(set.contains(one));
				if (set.remove(one)) {
					table.remove(one);
				}
				else {
					set.add(one);
					table.add(one);
				}
			}
			all.forEach((one) -> assertThat(table.contains(one)).isEqualTo(set.contains(one)));
		}
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void whatWasSavedIsRecalledAndWhatWasNotIsCutOff() {
		try (CountedKeys keys = CountedKeys.open(this.file)) {
			assertThat(keys.recall(EntryCounts.ZERO)).isTrue();
			IntStream.range(0, 3).forEach((i) -> keys.stays(key(i)));
			keys.goes(key(7));
			keys.save(stayed(3), List.of(), List.of());
			keys.stays(key(3));
			keys.stays(key(4));
			keys.save(stayed(6), List.of(key(7), key(8)),
					List.of(KeyOutcome.of(Outcome.SPARED), KeyOutcome.of(Outcome.DELETED)));
		}
		try (CountedKeys keys = CountedKeys.open(this.file)) {
			assertThat(keys.recall(stayed(4))).as("the ledger was not told of the rest").isTrue();
			assertThat(counted(keys)).containsExactly(0, 1, 2, 3);
		}
		try (CountedKeys keys = CountedKeys.open(this.file)) {
			assertThat(keys.recall(stayed(5))).as("cut off").isFalse();
			assertThat(counted(keys)).isEmpty();
		}
	}

	private static List<Integer> counted(CountedKeys keys) {
		return IntStream.range(0, 10).filter((i) -> keys.isCounted(key(i), NOON)).boxed().toList();
	}

	@Test
	void whatAPowerCutLeftAsZerosIsNotRecalled() throws IOException {
		Files.createDirectories(this.file.getParent());
		Files.write(this.file, new byte[3 * Fingerprint.SIZE]);
		try (CountedKeys keys = CountedKeys.open(this.file)) {
			assertThat(keys.recall(stayed(3))).isFalse();
		}
	}

	@Test
	void whatIsListedAgainAfterARewindIsNotCountedYet() {
		try (CountedKeys keys = CountedKeys.open(this.file)) {
			keys.recall(EntryCounts.ZERO);
			keys.stays(key(0));
			keys.save(stayed(1), List.of(), List.of());
			keys.stays(key(1));
			keys.goes(key(2));
			assertThat(counted(keys)).containsExactly(0, 1, 2);
			keys.rewind(0);
			assertThat(counted(keys)).containsExactly(0);
		}
	}

	@Test
	void whatWentIsCountedAnewOnceNoOlderPageIsLeft() {
		try (CountedKeys keys = CountedKeys.open(this.file)) {
			keys.recall(EntryCounts.ZERO);
			IntStream.range(0, 3).forEach((i) -> keys.goes(key(i)));
			keys.settled(2, NOON.plusSeconds(1));
			assertThat(counted(keys)).as("listed before the delete").containsExactly(0, 1, 2);
			assertThat(keys.isCounted(key(0), NOON.plusSeconds(2))).as("written anew").isFalse();
			assertThat(keys.isCounted(key(2), NOON.plusSeconds(2))).as("not deleted yet").isTrue();
		}
	}

}
