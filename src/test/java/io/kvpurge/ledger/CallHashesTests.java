package io.kvpurge.ledger;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Guarantee;
import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each hash is that of the fields that docs/ledger.md names, in their order: so that
 * whoever has only the rows can recompute it, and what an older version sealed stays
 * intact.
 */
class CallHashesTests {

	private static final RunId RUN = new RunId("cache", 7);

	private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

	private static final Instant ENDED = STARTED.plusSeconds(60);

	private static final List<String> RANGES = List.of("range-1", "range-2");

	private static final RunAttempt FAILED = new RunAttempt(1, new RunOrigin("joe", "host-0", 4, "0.9"), STARTED,
			STARTED, STARTED.plusSeconds(5), RunState.FAILED, "away", 0);

	private static final RunAttempt RUNNING = new RunAttempt(2, LedgerContract.ORIGIN, STARTED, STARTED, null,
			RunState.RUNNING, null, 0);

	/** Fields as text, a number for the size of a list, null for null. */
	private static String hash(@Nullable Object... fields) {
		try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
				DataOutputStream out = new DataOutputStream(bytes)) {
			for (Object field : fields) {
				if (field instanceof Integer size) {
					out.writeInt(size);
				}
				else {
					byte[] text = (field != null) ? field.toString().getBytes(StandardCharsets.UTF_8) : new byte[0];
					out.writeInt((field != null) ? text.length : -1);
					out.write(text);
				}
			}
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
		}
		catch (IOException | NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static @Nullable Object[] joined(List<@Nullable Object> first, @Nullable Object... rest) {
		List<@Nullable Object> all = new ArrayList<>(first);
		all.addAll(Arrays.asList(rest));
		return all.toArray();
	}

	@Test
	void aCallIsAnnouncedAfterTheOneBeforeIt() {
		assertThat(CallHashes.announced("before", RUN, 2, 3, 4, STARTED, List.of(Key.of("a"), Key.of("größe"))))
			.isEqualTo(hash("kvpurge/announced/1", "before", "cache.7", "2", "3", "4", STARTED, 2, "a", "größe"));
		assertThat(CallHashes.settled("announced", "2D", "{}", ENDED))
			.isEqualTo(hash("kvpurge/settled/1", "announced", "2D", "{}", ENDED));
	}

	@Test
	void theSettledChainHasEachCallInDoubtOrNot() {
		String begun = hash("kvpurge/settled-chain/1");
		RangeChain chain = RangeChain.start(RUN, 2);
		assertThat(chain).isEqualTo(new RangeChain(0, hash("kvpurge/range/1", "cache.7", "2"), begun));
		String one = hash("kvpurge/settled-chain/1", begun, "settled-1");
		chain = chain.and("announced-1", "settled-1");
		assertThat(chain).isEqualTo(new RangeChain(1, "announced-1", one));
		assertThat(chain.and("announced-2", null))
			.isEqualTo(new RangeChain(2, "announced-2", hash("kvpurge/settled-chain/1", one, null)));
	}

	private static StoredRange range(@Nullable String findings) {
		return new StoredRange(RUN, 2, "{bounds}", "{position}", new EntryCounts(11, 12, 13, 14, 15, 16, 17, 18, 19),
				new CallCounts(21, 22, 23, 24), "{reasons}", true, findings, null, null);
	}

	@Test
	void aSealedRangeHasItsBoundsCountsAndCalls() {
		RangeChain chain = new RangeChain(5, "last", "settled");
		List<@Nullable Object> fields = List.of("cache.7", "2", "{bounds}", "{position}", "true", "{reasons}", "11",
				"12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "23", "24");
		assertThat(CallHashes.range(range(null), chain))
			.isEqualTo(hash(joined(List.of("kvpurge/sealed-range/1"), joined(fields, "5", "last", "settled"))));
		assertThat(CallHashes.range(range("{findings}"), chain)).isEqualTo(
				hash(joined(List.of("kvpurge/sealed-range/2"), joined(fields, "{findings}", "5", "last", "settled"))));
	}

	private static PurgeRun run(RunMode mode, @Nullable Integer plan, @Nullable RestoreTerms restore,
			@Nullable Integer replaces, @Nullable String forecast) {
		return new PurgeRun(RUN, new RunIdentity("cache", "digest", "{}", "memory:a", mode, STARTED, plan, restore),
				"name: cache", Guarantee.LIST_THEN_DELETE, true, LedgerContract.ORIGIN, 2, 2, RunState.COMPLETED,
				"done", STARTED, ENDED, null, replaces, null, null, forecast, null);
	}

	/** What every seal begins with. */
	private static @Nullable Object[] sealed(int version, RunMode mode, @Nullable Object... rest) {
		return joined(List.of("kvpurge/seal/" + version, "cache.7", mode, "digest", "name: cache", "{}", "memory:a",
				STARTED, Guarantee.LIST_THEN_DELETE, "true", "jane", "host-1", "4711", "0.1.0", "2", "COMPLETED",
				"done", STARTED, ENDED, "previous", "2", "range-1", "range-2"), rest);
	}

	private static @Nullable Object[] attempts(@Nullable String replaces, @Nullable Object... rest) {
		return joined(
				Arrays.asList(replaces, "2", "1", "joe", "host-0", "4", "0.9", STARTED, STARTED.plusSeconds(5),
						"FAILED", "away", "2", "jane", "host-1", "4711", "0.1.0", STARTED, null, "RUNNING", null),
				rest);
	}

	private static String seal(PurgeRun run) {
		return CallHashes.seal(run, List.of(FAILED, RUNNING), "previous", RANGES);
	}

	@Test
	void theSealOfARunHasItsRangesAndAttempts() {
		assertThat(seal(run(RunMode.PURGE, null, null, null, null)))
			.isEqualTo(hash(sealed(2, RunMode.PURGE, attempts(null))));
		assertThat(seal(run(RunMode.PURGE, null, null, 6, null)))
			.isEqualTo(hash(sealed(2, RunMode.PURGE, attempts("6"))));
	}

	@Test
	void theSealOfAPlanAndOfWhatAppliesItHasTheForecastAndThePlan() {
		assertThat(seal(run(RunMode.PLAN, null, null, null, "{forecast}")))
			.isEqualTo(hash(sealed(3, RunMode.PLAN, attempts(null, null, "{forecast}"))));
		assertThat(seal(run(RunMode.APPLY, 5, null, null, null)))
			.isEqualTo(hash(sealed(3, RunMode.APPLY, attempts(null, "5", null))));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theSealOfARestoreHasItsTerms(boolean overwrite) {
		assertThat(seal(run(RunMode.RESTORE, null, new RestoreTerms(3, "all", overwrite), null, null)))
			.isEqualTo(hash(sealed(4, RunMode.RESTORE, attempts(null, "3", "all", overwrite))));
	}

	@Test
	void aSealFromBeforeAttemptsWereWrittenDownEndsWithItsRanges() {
		PurgeRun run = run(RunMode.PURGE, null, null, 6, null);
		assertThat(CallHashes.seal(run, List.of(), "previous", RANGES)).isEqualTo(hash(sealed(1, RunMode.PURGE)));
	}

}
