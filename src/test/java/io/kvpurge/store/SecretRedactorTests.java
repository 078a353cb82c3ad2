package io.kvpurge.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SecretRedactorTests {

	private static final String SECRET = "p@ss/ w\u00f6rd+1?";

	private static final SecretRedactor REDACTOR = new SecretRedactor(List.of(SECRET, ""));

	private static final Key KEY = Key.of("a");

	static Stream<String> spellings() {
		byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
		return Stream.of(SECRET, URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
				URLEncoder.encode(SECRET, StandardCharsets.UTF_8).replace("+", "%20"),
				Base64.getEncoder().encodeToString(bytes), Base64.getUrlEncoder().encodeToString(bytes));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "xy", "Basic ", "Bearer ", "user:" })
	void takesTheSecretOutOfTheBase64OfALongerText(String before) {
		for (String after : List.of("", "z", "zz")) {
			byte[] bytes = (before + SECRET + after).getBytes(StandardCharsets.UTF_8);
			for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder().withoutPadding())) {
				String encoded = encoder.encodeToString(bytes);
				assertThat(REDACTOR.redact("sent " + encoded + "."))
					.matches("sent [\\w/+-]{0,10}\\*\\*\\*[\\w=/+-]{0,6}[.]");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("spellings")
	void takesTheSecretOut(String spelling) {
		assertThat(REDACTOR.redact("login " + spelling + " failed, " + spelling)).isEqualTo("login *** failed, ***");
	}

	@Test
	void leavesOtherTextAlone() {
		assertThat(REDACTOR.redact("nothing of it")).isEqualTo("nothing of it");
		StoreException failure = new StoreException("nothing of it", new IllegalStateException("cause"));
		assertThat(REDACTOR.redact(failure)).isSameAs(failure);
	}

	@Test
	void takesTheLongerOfTwoSecretsOutAsAWhole() {
		assertThat(new SecretRedactor(List.of("key", "keyring")).redact("keyring")).isEqualTo("***");
	}

	@ParameterizedTest
	@MethodSource("spellings")
	void noCallOfAStoreSaysIt(String spelling) {
		KeyValueStore store = new RedactedKeyValueStore(new TalkativeStore(new StoreException("refused " + spelling)),
				REDACTOR);
		KeyRange range = new KeyRange(Key.of(""), null, null);
		List<Runnable> calls = List.of(() -> store.split(List.of(KEY), 1),
				() -> store.list(range, ListingPosition.START, 1), () -> store.find(List.of(KEY)),
				() -> store.write(List.of()), () -> store.delete(List.of()));
		for (Runnable call : calls) {
			StoreException failure = catchThrowableOfType(StoreException.class, call::run);
			assertThat(failure).hasMessage("refused ***");
		}
	}

	@Test
	void aCauseThatSaysItIsDropped() {
		StoreException failure = REDACTOR
			.redact(new StoreException("refused", new IllegalStateException("x", new IllegalStateException(SECRET))));
		assertThat(failure).hasMessage("refused").hasNoCause();
	}

	@Test
	void theMeaningOfAFailureStays() {
		StoreException passing = REDACTOR
			.redact(new TransientStoreException("busy " + SECRET, null, Duration.ofSeconds(3)));
		assertThat(passing).isInstanceOfSatisfying(TransientStoreException.class,
				(failure) -> assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(3)));
		assertThat(REDACTOR.redact(new UnsuccessfulKeysException("left " + SECRET)))
			.isInstanceOf(UnsuccessfulKeysException.class)
			.hasMessage("left ***");
		assertThat(REDACTOR.redact(new InvalidStoreException("no table " + SECRET)))
			.isInstanceOf(InvalidStoreException.class)
			.hasMessage("no table ***");
	}

	@ParameterizedTest
	@MethodSource("spellings")
	void noResultOfADeleteSaysIt(String spelling) {
		TalkativeStore talkative = new TalkativeStore(new StoreException("later " + spelling));
		talkative.answer = true;
		DeleteResult result = new RedactedKeyValueStore(talkative, REDACTOR).delete(List.of());
		assertThat(result.refused()).isEqualTo(Map.of(KEY, "refused later ***"));
		assertThat(result.cause()).hasMessage("later ***");
	}

	/** Says in every answer what it should not. */
	private static final class TalkativeStore implements KeyValueStore {

		private final StoreException failure;

		private boolean answer;

		private TalkativeStore(StoreException failure) {
			this.failure = failure;
		}

		@Override
		public List<KeyRange> split(List<Key> prefixes, int wanted) {
			throw this.failure;
		}

		@Override
		public KeyPage list(KeyRange range, ListingPosition from, int limit) {
			throw this.failure;
		}

		@Override
		public List<KeyEntry> find(Collection<Key> keys) {
			throw this.failure;
		}

		@Override
		public List<KeyValue> read(Collection<Key> keys) {
			throw this.failure;
		}

		@Override
		public void write(List<KeyValue> entries) {
			throw this.failure;
		}

		@Override
		public DeleteResult delete(List<KeyEntry> entries) {
			if (!this.answer) {
				throw this.failure;
			}
			return new DeleteResult(List.of(), List.of(), List.of(),
					Map.of(KEY, "refused " + this.failure.getMessage()), List.of(Key.of("b")), List.of(), this.failure);
		}

		@Override
		public String identity() {
			return "talkative";
		}

		@Override
		public StoreCapabilities capabilities() {
			return StoreCapabilities.of(10, 10);
		}

		@Override
		public void close() {
		}

	}

}
