package io.kvpurge.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.job.Home;
import io.kvpurge.job.Pace;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.RunListener;
import io.kvpurge.job.RunRequest;
import io.kvpurge.ledger.CallCounts;
import io.kvpurge.ledger.EntryCounts;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.ledger.RunTotals;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.Metadata;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressLinesTests {

	private static final Pattern LINE = Pattern
		.compile("listed ([0-9,]+), matched ([0-9,]+), deleted ([0-9,]+), ([0-9,]+) keys/s, ranges (\\d+) of (\\d+)");

	@TempDir
	Path folder;

	private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

	private final AtomicLong nanos = new AtomicLong(-5);

	private final ProgressLines progress = new ProgressLines(new PrintStream(this.shown, true, StandardCharsets.UTF_8),
			"deleted", this.nanos::get);

	private List<String> lines() {
		return this.shown.toString(StandardCharsets.UTF_8).lines().toList();
	}

	private void show(int seconds, long listed) {
		this.nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
		this.progress.show(new RunTotals(4, 1, new EntryCounts(listed, 0, 0, 0, listed, listed / 2, 0, 0, 0),
				CallCounts.ZERO, Map.of()), Pace.NOT_YET);
	}

	@Test
	void showsALineEveryFewSecondsWithTheRateSinceTheLastOne() {
		show(100, 1000);
		show(4, 2000);
		assertThat(lines()).isEmpty();
		show(1, 11_000);
		show(4, 12_000);
		show(1, 12_000);
		show(10, 12_000);
		assertThat(lines()).containsExactly("listed 11,000, matched 11,000, deleted 5,500, 2,000 keys/s, ranges 1 of 4",
				"listed 12,000, matched 12,000, deleted 6,000, 200 keys/s, ranges 1 of 4",
				"listed 12,000, matched 12,000, deleted 6,000, 0 keys/s, ranges 1 of 4");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "0.9" })
	void neverFallsWhileARunGoesOnAndEndsAtItsResult(String fraction) {
		PurgeDefinition definition = new DefinitionReader().read("""
				version: 1
				name: progress
				store: {type: memory, name: progress-lines}
				select: {prefixes: ["k"], where: "key < 'k4'"}
				partitions: 8
				limits: {max-fraction: %s}
				""".formatted(fraction), "progress.yaml");
		try (KeyValueStore store = definition.store().open((name) -> null)) {
			List<KeyValue> entries = new ArrayList<>();
			for (int i = 0; i < 50_000; i++) {
				entries.add(new KeyValue(Key.of("k%05d".formatted(i)), null, Metadata.ABSENT, null));
			}
			for (int i = 0; i < entries.size(); i += 1000) {
				store.write(entries.subList(i, i + 1000));
			}
		}
		// Every look of the monitor becomes a line.
		RunListener listener = new RunListener() {

			@Override
			public void onProgress(RunTotals totals, Pace pace) {
				ProgressLinesTests.this.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
				ProgressLinesTests.this.progress.show(totals, pace);
			}

		};
		RunReport report = new PurgeJobs(Home.inFolder(this.folder, Clock.systemUTC()), Settings.DEFAULT,
				(name) -> null, new RunOrigin("me", "here", 1, "1"), Clock.systemUTC())
			.run(new RunRequest(definition.bind(Map.of()), RunMode.PURGE, false), listener);
		List<long[]> series = lines().stream().map(ProgressLinesTests::numbers).toList();
		assertThat(series).isNotEmpty();
		for (int i = 1; i < series.size(); i++) {
			for (int column : new int[] { 0, 1, 2, 4, 5 }) {
				assertThat(series.get(i)[column]).isGreaterThanOrEqualTo(series.get(i - 1)[column]);
			}
		}
		long[] last = series.get(series.size() - 1);
		assertThat(new long[] { last[0], last[1], last[2] }).containsExactly(report.counts().listed(),
				report.counts().matched(), report.counts().deleted());
		assertThat(report.counts().deleted()).isEqualTo(40_000);
	}

	private static long[] numbers(String line) {
		Matcher matcher = LINE.matcher(line);
		assertThat(matcher.matches()).as(line).isTrue();
		ToLongFunction<String> parse = (text) -> Long.parseLong(text.replace(",", ""));
		long[] numbers = new long[6];
		for (int i = 0; i < numbers.length; i++) {
			numbers[i] = parse.applyAsLong(matcher.group(i + 1));
		}
		return numbers;
	}

}
