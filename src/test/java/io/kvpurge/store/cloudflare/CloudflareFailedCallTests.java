package io.kvpurge.store.cloudflare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.QuotaExhaustedException;
import io.kvpurge.store.RateLimit;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.UnsuccessfulKeysException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What becomes of keys, and what is said, when the service says no, or nothing. */
class CloudflareFailedCallTests {

	private static final List<Key> KEYS = List.of(Key.of("a"), Key.of("b"), Key.of("c"));

	private static final List<KeyEntry> ENTRIES = KEYS.stream().map(KeyEntry::of).toList();

	private ScriptedService service;

	private KeyValueStore store;

	@BeforeEach
	void open() {
		this.service = new ScriptedService();
		this.store = this.service.open();
	}

	@AfterEach
	void close() {
		this.store.close();
		this.service.close();
	}

	private static String error(int code) {
		return "{\"success\": false, \"result\": null, \"messages\": [], \"errors\": [{\"code\": " + code
				+ ", \"message\": \"what the service says\"}]}";
	}

	private static String result(boolean success, @Nullable Integer deleted, String... left) {
		String names = Stream.of(left).map((name) -> "\"" + name + "\"").toList().toString();
		return "{\"success\": " + success + ", \"errors\": [], \"result\": {"
				+ ((deleted != null) ? "\"successful_key_count\": " + deleted + ", " : "") + "\"unsuccessful_keys\": "
				+ names + "}}";
	}

	private DeleteResult delete(int status, String body, String... headers) {
		this.service.reply(status, body, headers);
		DeleteResult result = this.store.delete(ENTRIES);
		assertThat(this.service.requests()).as("nothing is sent again").hasSize(1);
		return result;
	}

	private static void requireAllUndone(DeleteResult result) {
		assertThat(result.undone()).isEqualTo(KEYS);
		assertThat(result.deleted()).isEmpty();
		assertThat(result.doubtful()).isEmpty();
	}

	private static void requireAllDoubtful(DeleteResult result) {
		assertThat(result.doubtful()).isEqualTo(KEYS);
		assertThat(result.deleted()).isEmpty();
		assertThat(result.undone()).isEmpty();
		assertThat(result.cause()).isExactlyInstanceOf(TransientStoreException.class);
	}

	private static @Nullable Duration retryAfter(DeleteResult result) {
		assertThat(result.cause()).isExactlyInstanceOf(TransientStoreException.class);
		return ((TransientStoreException) result.cause()).retryAfter();
	}

	@Test
	void whatTheServiceSaysIsDeletedIsDeleted() {
		DeleteResult result = delete(200, result(true, 3));
		assertThat(result).isEqualTo(DeleteResult.allDeleted(KEYS));
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 400, 429, 500, 503 })
	void unsuccessfulKeysAreUndoneAndTheOthersDeletedUnderAnyStatus(int status) {
		DeleteResult result = delete(status, result(status == 200, 2, "b"));
		assertThat(result.deleted()).containsExactly(Key.of("a"), Key.of("c"));
		assertThat(result.undone()).containsExactly(Key.of("b"));
		assertThat(result.doubtful()).isEmpty();
		if (status == 429) {
			assertThat(retryAfter(result)).isEqualTo(Duration.ofSeconds(10));
		}
		else {
			assertThat(result.cause()).isInstanceOf(UnsuccessfulKeysException.class)
				.hasMessage("cannot delete from namespace 'cache' (n1): the service did not delete 1 of 3 keys, 'b' "
						+ "the first, and does not say why");
		}
	}

	@Test
	void fiveHundredOfFiveThousandUnsuccessfulKeysAreNamed() {
		List<Key> keys = IntStream.range(0, 5000).mapToObj((number) -> Key.of("k" + number)).toList();
		List<Key> left = keys.subList(1000, 1500);
		this.service.reply(200, result(true, 4500, left.stream().map(Key::text).toArray(String[]::new)));
		DeleteResult result = this.store.delete(keys.stream().map(KeyEntry::of).toList());
		assertThat(result.undone()).isEqualTo(left);
		assertThat(result.deleted()).hasSize(4500).doesNotContainAnyElementsOf(left);
	}

	@Test
	void allKeysMayBeUnsuccessful() {
		DeleteResult result = delete(200, result(true, 0, "a", "b", "c"));
		requireAllUndone(result);
		assertThat(result.cause()).isInstanceOf(UnsuccessfulKeysException.class);
	}

	static Stream<String> answersThatDoNotAddUp() {
		return Stream.of(result(true, 2), result(true, 4), result(true, 3, "b"), result(true, 1, "b"),
				result(true, 2, "x"), result(true, 0), "{\"success\": true, \"result\": [1]}",
				"{\"success\": true, \"result\": {\"successful_key_count\": null}}",
				"{\"success\": true, \"result\": {\"successful_key_count\": \"3\"}}", result(false, 3));
	}

	/** All of the result is optional in the service's description of itself. */
	@ParameterizedTest
	@ValueSource(strings = { "{\"success\": true, \"errors\": [], \"result\": null}", "{\"success\": true}",
			"{\"success\": true, \"result\": {}}", "{\"success\": true, \"result\": {\"unsuccessful_keys\": []}}" })
	void aPlainSuccessIsASuccess(String body) {
		assertThat(delete(200, body).deleted()).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 503 })
	void aPlainSuccessUnderAnotherStatusIsNone(int status) {
		DeleteResult result = delete(status, "{\"success\": true, \"result\": null}");
		assertThat(result.deleted()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("answersThatDoNotAddUp")
	void aSuccessThatDoesNotAddUpIsDoubtful(String body) {
		requireAllDoubtful(delete(200, body));
	}

	@Test
	void anErrorThatNamesNoKeyIsNoSuccessWhateverItCounts() {
		requireAllDoubtful(delete(500, result(false, 3)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "<html>", "{", "[]", "null", "{\"success\": tr", "{\"success\": false}",
			"{\"success\": false, \"errors\": []}" })
	void anAnswerThatMakesNoSenseIsDoubtful(String body) {
		requireAllDoubtful(delete(200, body));
	}

	@ParameterizedTest
	@ValueSource(ints = { 408, 425, 500, 502, 503, 504, 520, 522, 524, 530 })
	void aServerInTroubleMayHaveDeleted(int status) {
		requireAllDoubtful(delete(status, "<html>"));
	}

	@Test
	void aServerThatAnswers500ToEverythingHasDeletedNothingThatWeCouldReport() {
		requireAllDoubtful(delete(500, error(10001)));
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> this.store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10))
			.withMessageContaining("HTTP 500");
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> this.store.find(KEYS));
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> this.store.read(KEYS));
	}

	@ParameterizedTest
	@CsvSource({ "429, 10022", "429, 971", "429, 0", "400, 10022", "200, 971", "503, 10022" })
	void aThrottledCallDidNothing(int status, int code) {
		DeleteResult result = delete(status, error(code));
		requireAllUndone(result);
		assertThat(retryAfter(result)).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void theServiceSaysHowLongToWait() {
		DeleteResult result = delete(429, error(10022), "Retry-After", "77", "Ratelimit", "\"default\";r=0;t=30");
		assertThat(retryAfter(result)).isEqualTo(Duration.ofSeconds(77));
	}

	@Test
	void theServiceSaysUntilWhenToWait() {
		DeleteResult result = delete(429, "", "Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT");
		assertThat(retryAfter(result)).isGreaterThan(Duration.ofDays(365));
	}

	@Test
	void theResetOfTheRateLimitIsSecondBest() {
		DeleteResult result = delete(429, error(10022), "Ratelimit", "\"default\";r=0;t=30");
		assertThat(retryAfter(result)).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void theResetOfARateLimitThatIsNotReachedIsNotWaitedFor() {
		DeleteResult result = delete(429, error(10022), "Ratelimit", "\"default\";r=900;t=300");
		assertThat(retryAfter(result)).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void bulkCallsUnderWayHaveNoTimeToWaitFor() {
		DeleteResult result = delete(429, error(10046), "Ratelimit", "\"default\";r=900;t=300");
		requireAllUndone(result);
		assertThat(retryAfter(result)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "413, 0", "413, 10024", "400, 10024", "400, 10012" })
	void aBatchThatIsTooLargeDidNothing(int status, int code) {
		DeleteResult result = delete(status, (code != 0) ? error(code) : "<html>");
		requireAllUndone(result);
		assertThat(result.cause()).isInstanceOf(BatchTooLargeException.class);
	}

	@Test
	void oneKeyIsNoBatchThatIsTooLarge() {
		this.service.reply(400, error(10012));
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.delete(ENTRIES.subList(0, 1)))
			.isExactlyInstanceOf(StoreException.class)
			.withMessageContaining("10012");
	}

	@ParameterizedTest
	@CsvSource({ "401, 10000, not accepted", "403, 10000, not accepted", "403, 10037, permission", "403, 0, token",
			"401, 0, token", "400, 10029, invalid", "400, 12345, refuses", "302, 0, base-url",
			"404, 10013, no such namespace", "404, 7003, account-id", "404, 0, no such namespace" })
	void whatNoRepetitionHelpsIsThrown(int status, int code, String words) {
		this.service.reply(status, (code != 0) ? error(code) : "", "Location", this.service.baseUrl());
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.delete(ENTRIES))
			.isNotInstanceOf(TransientStoreException.class)
			.satisfies((ex) -> assertThat(ex instanceof InvalidStoreException).isEqualTo(status == 404))
			.withMessageContaining(words)
			.withMessageContaining((code != 0) ? "code " + code + ": what the service says" : "HTTP " + status)
			.satisfies((ex) -> assertThat(ex.getMessage().lines()).hasSize(1));
		assertThat(this.service.requests()).hasSize(1);
	}

	@Test
	void theDailyLimitOfTheFreePlanIsNamed() {
		this.service.reply(429, error(10048), "Retry-After", "60");
		assertThatExceptionOfType(QuotaExhaustedException.class).isThrownBy(() -> this.store.delete(ENTRIES))
			.withMessageContaining("daily limit of the free plan")
			.withMessageContaining("after 00:00 UTC");
	}

	@Test
	void afterACallThatFailedForGoodTheRestIsUndone() {
		List<Key> keys = IntStream.range(0, 25_000).mapToObj((number) -> Key.of("k" + number)).toList();
		this.service.reply(200, result(true, 10_000)).reply(403, error(10037));
		DeleteResult result = this.store.delete(keys.stream().map(KeyEntry::of).toList());
		assertThat(result.deleted()).isEqualTo(keys.subList(0, 10_000));
		assertThat(result.undone()).isEqualTo(keys.subList(10_000, 25_000));
		assertThat(result.cause()).hasMessageContaining("10037");
		assertThat(this.service.requests()).hasSize(2);
	}

	@Test
	void unsuccessfulKeysDoNotKeepTheRestFromBeingSent() {
		List<Key> keys = IntStream.range(0, 10_001).mapToObj((number) -> Key.of("k" + number)).toList();
		this.service.reply(200, result(true, 9_999, "k7")).reply(200, result(true, 1));
		DeleteResult result = this.store.delete(keys.stream().map(KeyEntry::of).toList());
		assertThat(result.deleted()).hasSize(10_000);
		assertThat(result.undone()).containsExactly(Key.of("k7"));
	}

	@Test
	void aConnectionThatIsRefusedCarriedNothing() {
		this.service.close();
		DeleteResult result = this.store.delete(ENTRIES);
		// The connection of the opening may be found dead only when it is used.
		if (result.undone().isEmpty()) {
			requireAllDoubtful(result);
			result = this.store.delete(ENTRIES);
		}
		requireAllUndone(result);
		assertThat(retryAfter(result)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "java.net.ConnectException", "java.net.UnknownHostException", "java.net.NoRouteToHostException",
			"javax.net.ssl.SSLHandshakeException", "org.apache.hc.client5.http.ConnectTimeoutException",
			"org.apache.hc.core5.http.ConnectionRequestTimeoutException" })
	void whatNeverLeftIsNotDone(Class<? extends IOException> type) throws ReflectiveOperationException {
		IOException failure = type.getConstructor(String.class).newInstance("example.org");
		assertThat(CloudflareFailures.judge("cannot", failure).isNotDone()).isTrue();
		assertThat(CloudflareFailures.judge("cannot", failure).exception())
			.isExactlyInstanceOf(TransientStoreException.class)
			.hasMessageContaining("example.org");
	}

	@ParameterizedTest
	@CsvSource({ "java.net.SocketException", "java.net.SocketTimeoutException", "javax.net.ssl.SSLException",
			"java.io.EOFException", "org.apache.hc.core5.http.NoHttpResponseException" })
	void whatMayHaveLeftIsDoubtful(Class<? extends IOException> type) throws ReflectiveOperationException {
		IOException failure = type.getConstructor(String.class).newInstance("reset");
		assertThat(CloudflareFailures.judge("cannot", failure).isNotDone()).isFalse();
	}

	@Test
	void noAnswerInTimeIsDoubtful() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ApiClient client = new ApiClient("t", Duration.ofMillis(200))) {
			AccountAddress account = AccountAddress.of("http://localhost:" + silent.getLocalPort(), "a1");
			NamespaceCalls calls = new NamespaceCalls(client, account.namespace("n1"), new Namespace("n1", "c", true));
			requireAllDoubtful(new BulkDeletion(calls).delete(KEYS));
		}
	}

	@Test
	void anAnswerInDripsIsEndedByTheTimeout() {
		try (KeyValueStore hasty = this.service.open(Duration.ofMillis(500))) {
			this.service.drip();
			DeleteResult result = hasty.delete(ENTRIES);
			requireAllDoubtful(result);
			assertThat(result.cause()).hasMessageContaining("no whole answer within");
		}
	}

	@ParameterizedTest
	@CsvSource({ "429, 10022", "429, 10046", "500, 10001", "503, 0", "524, 0", "200, 0", "200, 10001" })
	void readingMayHelpLater(int status, int code) {
		for (int i = 0; i < 2; i++) {
			this.service.reply(status, (code != 0) ? error(code) : "<html>");
		}
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> this.store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10));
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> this.store.find(KEYS));
	}

	@ParameterizedTest
	@CsvSource({ "403, 10037", "404, 10013", "400, 10029", "429, 10048" })
	void readingWillNotHelp(int status, int code) {
		this.service.reply(status, error(code)).reply(status, error(code));
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> this.store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10))
			.isNotInstanceOf(TransientStoreException.class)
			.withMessageContaining("code " + code);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.find(KEYS))
			.isNotInstanceOf(TransientStoreException.class);
	}

	@Test
	void aCursorThatIsNotKnownIsRefused() {
		this.service.reply(400, error(10041));
		assertThatExceptionOfType(CursorRefusedException.class)
			.isThrownBy(() -> this.store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10));
	}

	@Test
	void theRateLimitIsToldOnce() {
		delete(200, result(true, 3), "Ratelimit", "\"burst\";r=90;t=2, \"default\";r=50;t=30");
		assertThat(this.store.takeRateLimit()).isEqualTo(new RateLimit(50, Duration.ofSeconds(30)));
		assertThat(this.store.takeRateLimit()).isNull();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", delimiter = '|', value = { "\"a\"; r=5; t=7 | 5 | 7", "a;t=7;r=5 | 5 | 7",
			"x;r=5 | 5 | 0", "nonsense | - | -", "\"d\";t=3 | - | -", "r=;t= | - | -" })
	void theRateLimitIsReadLeniently(String header, @Nullable Long remaining, @Nullable Long reset) {
		assertThat(RateLimitHeader.parse(header))
			.isEqualTo((remaining != null) ? new RateLimit(remaining, Duration.ofSeconds(reset)) : null);
	}

	@Test
	void noMessageHoldsTheToken() {
		this.service.reply(403, error(10000));
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.store.delete(ENTRIES))
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("secret-token"));
	}

	@Test
	void keysThatCannotBeAreNotSent() {
		List<Key> nowhere = List.of(Key.of(""), Key.of("."), Key.of(".."), Key.of("x".repeat(513)),
				Key.of(new byte[] { (byte) 0xff }));
		assertThat(this.store.delete(nowhere.stream().map(KeyEntry::of).toList()))
			.isEqualTo(DeleteResult.allDeleted(nowhere));
		assertThat(this.store.find(nowhere)).isEmpty();
		assertThat(this.store.read(nowhere)).isEmpty();
		assertThat(this.service.requests()).isEmpty();
	}

}
