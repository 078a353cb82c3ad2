package io.kvpurge.store.cloudflare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreTypes;
import io.kvpurge.testkit.cloudflare.Call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Opening: what is wrong shows before anything is touched. */
class CloudflareStoreTypeTests {

	private Simulated simulated;

	@BeforeEach
	void start() {
		this.simulated = new Simulated();
	}

	@AfterEach
	void stop() {
		this.simulated.close();
	}

	private void assertRefused(String message, String... options) {
		assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> this.simulated.open(options))
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.getMessage()).startsWith("store: ")
				.doesNotContain(this.simulated.service().token())
				.doesNotContain("\n"));
	}

	@Test
	void itIsAStoreTypeWhoseTokenIsSecretAndRequired() {
		assertThat(StoreTypes.load().find("cloudflare")).isInstanceOf(CloudflareStoreType.class);
		assertThat(new CloudflareStoreType().options()).filteredOn(StoreOption::secret)
			.containsExactly(new StoreOption("api-token", StoreOption.Kind.TEXT, true, true));
	}

	@Test
	void aTitleAndAnIdAreTheSameStore() {
		KeyValueStore byTitle = this.simulated.open("namespace", "cache");
		assertThat(byTitle.identity()).isEqualTo(this.simulated.open().identity())
			.startsWith("cloudflare:" + this.simulated.service().accountId() + "/" + this.simulated.namespace())
			.matches(".* at 127\\.0\\.0\\.1:\\d+");
	}

	@Test
	void theUsualServiceIsNotNamedInTheIdentity() {
		assertThat(AccountAddress.of(null, "a1").identity("n1")).isEqualTo("cloudflare:a1/n1");
		assertThat(AccountAddress.of("https://api.cloudflare.com/client/v4/", "a1").identity("n1"))
			.isEqualTo("cloudflare:a1/n1");
		assertThat(AccountAddress.of("https://KV.example/v4", "a1").identity("n1"))
			.isEqualTo("cloudflare:a1/n1 at kv.example:443");
	}

	@Test
	void aTitleIsNeverTakenForAnIdNorAnIdForATitle() {
		String title = "0123456789abcdef0123456789abcdef";
		String id = this.simulated.service().createNamespace(title);
		assertThat(this.simulated.open("namespace", title).identity()).contains(id);
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> this.simulated.open("namespace-id", title))
			.withMessageContaining("10013");
		assertRefused("no namespace with the title", "namespace", id);
	}

	@Test
	void aTitleIsFoundOnEveryPage() {
		for (int i = 0; i < 250; i++) {
			this.simulated.service().createNamespace("other " + i);
		}
		String id = this.simulated.service().createNamespace("the last one");
		assertThat(this.simulated.open("namespace", "the last one").identity()).contains(id);
		assertThat(this.simulated.service().counters().requests(Call.NAMESPACES)).isEqualTo(3);
	}

	@Test
	void aMissingTitleIsAnsweredWithNearOnes() {
		for (String title : List.of("catalogue", "Cache", "sessions", "caches", "pictures", "logs", "users")) {
			this.simulated.service().createNamespace(title);
		}
		assertRefused("no namespace with the title 'cach'; the nearest of 8: 'Cache', 'cache', 'caches'", "namespace",
				"cach");
	}

	@Test
	void twoNamespacesOfOneTitleAreToldApartByTheirIds() {
		String twin = this.simulated.service().createNamespace("cache");
		assertRefused("2 namespaces have the title 'cache'", "namespace", "cache");
		assertRefused(this.simulated.namespace() + ", " + twin, "namespace", "cache");
	}

	@Test
	void aTitleOrAnIdIsGivenAndNotBoth() {
		assertRefused("give either 'namespace' (its title) or 'namespace-id', one of them");
		assertRefused("give either 'namespace' (its title) or 'namespace-id', not both", "namespace", "cache",
				"namespace-id", this.simulated.namespace());
		assertThat(this.simulated.service().counters().requests()).isZero();
	}

	@Test
	void aMissingNamespaceIsInvalid() {
		assertRefused("no such namespace", "namespace-id", "0".repeat(32));
		assertRefused("no such namespace", "namespace-id", "../x");
		assertRefused("'namespace-id' is empty", "namespace-id", " ");
	}

	@ParameterizedTest
	@CsvSource({ "namespace, cache", "namespace-id, 00000000000000000000000000000000" })
	void anotherAccountIsInvalid(String option, String value) {
		assertRefused("code 7003", option, value, "account-id", "0".repeat(32));
		assertRefused("check 'account-id'", option, value, "account-id", "shop");
	}

	@ParameterizedTest
	@CsvSource({ "namespace, cache", "namespace-id, 00000000000000000000000000000000" })
	void aRevokedTokenFailsAtOnce(String option, String value) {
		this.simulated.service().revokeToken();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.simulated.open(option, value))
			.withMessageContaining("the API token is not accepted: it is wrong, revoked or expired")
			.withMessageContaining("code 10000");
		assertThat(this.simulated.service().counters().requests()).isOne();
	}

	@Test
	void aMissingPermissionFailsAtOnce() {
		this.simulated.service().deny(Call.NAMESPACES);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.simulated.open("namespace", "cache"))
			.withMessageContaining("give it the permission 'Workers KV Storage'")
			.withMessageContaining("code 10037");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "to ken", "token\n", "tokén" })
	void aTokenThatCannotBeOneIsNotSent(String token) {
		assertRefused("'api-token' is empty, or holds white space", "namespace", "cache", "api-token", token);
		assertThat(this.simulated.service().counters().requests()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "http://api.cloudflare.com/client/v4, unencrypted", "http://127.0.0.1.example/v4, unencrypted",
			"http://localhost.example/v4, unencrypted", "http://10.0.0.1/v4, unencrypted",
			"ftp://localhost/v4, does not begin with https://", "/client/v4, does not begin with https://",
			"https://me:secret@localhost/v4, user info", "https://localhost/v4?x=1, form",
			"https://localhost/v4#x, form", "https://, URL", "https:localhost, form", "'ht tp://x', URL" })
	void aBaseUrlThatWouldGiveTheTokenAwayIsRefused(String url, String message) {
		assertRefused(message, "namespace", "cache", "base-url", url);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost/v4", "http://127.0.0.1:81/v4", "http://127.1.2.3", "http://[::1]:80/v4",
			"https://kv.example/v4", "HTTPS://kv.example" })
	void otherBaseUrlsAreTaken(String url) {
		assertThatNoException().isThrownBy(() -> AccountAddress.of(url, "a1").identity("n1"));
	}

	@Test
	void creatingMakesNoNamespace() {
		Map<String, List<String>> options = new HashMap<>();
		options.put("account-id", List.of(this.simulated.service().accountId()));
		options.put("api-token", List.of(this.simulated.service().token()));
		options.put("base-url", List.of(this.simulated.service().baseUrl()));
		options.put("namespace", List.of("new"));
		assertThatExceptionOfType(InvalidStoreException.class)
			.isThrownBy(() -> new CloudflareStoreType().create(new StoreOptions(options)));
	}

	@Test
	void aTokenThatIsRevokedLaterDeletesNothing() {
		List<KeyEntry> entries = this.simulated.fill(3);
		KeyValueStore store = this.simulated.open();
		this.simulated.service().revokeToken();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.delete(entries))
			.withMessageContaining("code 10000");
		assertThat(this.simulated.left()).hasSize(3);
	}

	@Test
	void oneConnectionServesManyCallsAndAnswersArePacked() {
		this.simulated.fill(500);
		KeyValueStore store = this.simulated.open();
		for (int i = 0; i < 20; i++) {
			Simulated.walk(store, KeyRange.of(Key.of("")), ListingPosition.START, 1000);
			store.find(List.of(Key.of("k000001"), Key.of("nowhere")));
		}
		assertThat(this.simulated.service().counters().connections()).isOne();
		assertThat(this.simulated.service().counters().gzipped()).isGreaterThan(40);
	}

	@Test
	void aClosedStoreAnswersInPlainWords() {
		KeyValueStore store = this.simulated.open();
		store.close();
		store.close();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.find(List.of(Key.of("a"))));
	}

	@Test
	void requestsSayWhoAsks() {
		try (ScriptedService service = new ScriptedService(); KeyValueStore store = service.open()) {
			service.reply(200, "{\"success\": true, \"result\": []}");
			store.list(KeyRange.of(Key.of("")), ListingPosition.START, 10);
			assertThat(service.requests().get(0).userAgent()).isEqualTo("kvpurge");
		}
	}

}
