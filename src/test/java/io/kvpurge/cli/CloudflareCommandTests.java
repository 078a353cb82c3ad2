package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.MutableClock;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The definitions in {@code jobs/} and the flags, against a namespace. */
class CloudflareCommandTests {

	private static final String LONG_AGO = "2020-01-31T00:00:00Z";

	/** How many entries go and come back: {@code -Dkvpurge.entries=N} for more. */
	private static final int RESTORED = Integer.getInteger("kvpurge.entries", 300);

	private static final String TOKEN_FIELD = "  api-token: ${CLOUDFLARE_API_TOKEN}\n";

	@TempDir
	Path folder;

	private CloudflareSimulator service = CloudflareSimulator.start();

	@AfterEach
	void stop() {
		this.service.close();
	}

	private void restart(Settings settings) {
		this.service.close();
		this.service = CloudflareSimulator.start(settings);
	}

	private CommandLineTester commands() {
		return new CommandLineTester(this.folder.resolve("home")).set("CLOUDFLARE_ACCOUNT_ID", this.service.accountId())
			.set("CLOUDFLARE_API_TOKEN", this.service.token());
	}

	private void put(String namespace, String key, String metadata) {
		this.service.put(namespace, key, new byte[] { 1 }, metadata, null);
	}

	/** The job's definition with the address of the simulated service. */
	private Path job(String name) throws IOException {
		String text = Files.readString(Path.of("jobs", name + ".yaml"));
		assertThat(text).contains(TOKEN_FIELD);
		return Files.writeString(this.folder.resolve(name + ".yaml"),
				text.replace(TOKEN_FIELD, TOKEN_FIELD + "  base-url: " + this.service.baseUrl() + "\n"));
	}

	private Path configuration(String store, String title) throws IOException {
		return Files.writeString(this.folder.resolve("kvpurge.yaml"), """
				stores:
				  %s:
				    type: cloudflare
				    account-id: ${CLOUDFLARE_ACCOUNT_ID}
				    api-token: ${CLOUDFLARE_API_TOKEN}
				    namespace: "%s"
				    base-url: %s
				""".formatted(store, title, this.service.baseUrl()));
	}

	@Test
	void keysThatAreNamedAreLookedUpAndNotListed() throws IOException {
		String pages = this.service.createNamespace("page-cache");
		List<String> named = new ArrayList<>();
		for (int i = 0; i < 250; i++) {
			put(pages, "page/" + i, (i % 2 == 0) ? "{\"old\": true}" : null);
			named.add("\"page/" + i + "\"");
		}
		put(pages, "other", "{\"old\": true}");
		named.add("\"" + "x".repeat(600) + "\"");
		named.add("\"..\"");
		named.add("{\"key64\": \"/w==\"}");
		JsonNode result = commands().piping(String.join("\n", named))
			.run("run", "--store", "cloudflare:pages", "--config", configuration("pages", "page-cache"), "--keys-file",
					"-", "--keys-format", "jsonl", "--where", "metadata.field('old') == true", "--json")
			.exits(0)
			.json();
		assertThat(result.get("listed").asInt()).isEqualTo(250);
		assertThat(result.get("deleted").asInt()).isEqualTo(125);
		assertThat(result.at("/calls/list").asInt()).isZero();
		assertThat(this.service.keys(pages)).hasSize(126);
	}

	@Test
	void pagesGoByTheirTag() throws IOException {
		String pages = this.service.createNamespace("page-cache");
		put(pages, "page/1", "{\"cache-tag\": \"a, product-7\"}");
		put(pages, "page/2", "{\"cache-tag\": \"product-70\"}");
		put(pages, "page/3", "{\"cache-tag\": \"product-7\", \"pinned\": true}");
		put(pages, "page/4", "[1]");
		put(pages, "other/1", "{\"cache-tag\": \"product-7\"}");
		Path job = job("cloudflare-tag");
		commands().run("run", "--dry-run", job, "-p", "tag=product-7").exits(0);
		assertThat(this.service.keys(pages)).hasSize(5);
		JsonNode result = commands().run("run", job, "-p", "tag=product-7", "--json").exits(0).json();
		assertThat(result.get("guarantee").asString()).isEqualTo("recheck-then-delete");
		assertThat(result.get("deleted").asInt()).isEqualTo(1);
		assertThat(result.get("held").asInt()).isEqualTo(1);
		assertThat(this.service.keys(pages)).containsExactlyInAnyOrder("other/1", "page/2", "page/3", "page/4");
	}

	@Test
	void previewsGoThatAreNamedInAFile() throws IOException {
		String previews = this.service.createNamespace("previews");
		put(previews, "preview/a", "{\"pr\": 118, \"deployed\": \"2999-01-01T00:00:00Z\"}");
		put(previews, "preview/b", "{\"pr\": 119, \"deployed\": \"2999-01-01T00:00:00Z\"}");
		put(previews, "preview/c", "{\"pr\": 120, \"deployed\": \"" + LONG_AGO + "\"}");
		Path closed = Files.writeString(this.folder.resolve("closed.txt"), "118\n7\n");
		commands().run("run", job("cloudflare-previews"), "-p", "closed=@" + closed).exits(0);
		assertThat(this.service.keys(previews)).containsExactly("preview/b");
	}

	@Test
	void aNamespaceIsCleared() throws IOException {
		String namespace = this.service.createNamespace("old");
		this.service.fill(namespace, 2500, (number) -> "k" + number, (number) -> null);
		JsonNode result = commands().set("CLEAR_NAMESPACE_ID", namespace)
			.run("run", job("cloudflare-clear"), "--json")
			.exits(0)
			.json();
		assertThat(result.get("deleted").asInt()).isEqualTo(2500);
		assertThat(result.at("/calls/list").asInt()).isLessThanOrEqualTo(4);
		assertThat(result.at("/calls/delete").asInt()).isEqualTo(1);
		assertThat(this.service.keys(namespace)).isEmpty();
	}

	@Test
	void whatWasDeletedComesBackExactly() throws IOException {
		restart(Settings.defaults().withoutRequestLimit());
		String old = this.service.createNamespace("old");
		Map<String, CloudflareSimulator.Stored> before = new HashMap<>();
		for (int n = 0; n < RESTORED; n++) {
			byte[] value = (n % 3 == 0) ? new byte[] { 0, (byte) 0xff, (byte) n } : ("ü" + n).getBytes(UTF_8);
			Instant expiration = (n % 4 == 0) ? Instant.ofEpochSecond(4_102_444_800L + n) : null;
			String metadata = (n % 5 == 0) ? null : "{\"n\":" + n + ",\"deep\":[1.5,null,\"😀\"]}";
			this.service.put(old, "k/😀/" + n, value, metadata, expiration);
			before.put("k/😀/" + n, this.service.stored(old, "k/😀/" + n).orElseThrow());
		}
		JsonNode run = clearedWithBackup(old);
		assertThat(run.get("deleted").asInt()).isEqualTo(RESTORED);
		assertThat(run.at("/backup/entries").asInt()).isEqualTo(RESTORED);
		assertThat(run.get("guarantee").asString()).isEqualTo("recheck-then-delete");
		JsonNode restored = commands().set("CLEAR_NAMESPACE_ID", old)
			.run("restore", run.get("run").asString(), "--json")
			.exits(0)
			.json();
		assertThat(restored.get("restored").asInt()).isEqualTo(RESTORED);
		before.forEach((key, stored) -> assertThat(this.service.stored(old, key)).hasValueSatisfying((now) -> {
			assertThat(now.value()).isEqualTo(stored.value());
			assertThat(now.metadata()).isEqualTo(stored.metadata());
			assertThat(now.expiration()).isEqualTo(stored.expiration());
		}));
		assertThat(this.service.keys(old)).hasSize(RESTORED);
	}

	@Test
	void whatWouldExpireTooSoonIsNamed() throws IOException {
		String old = this.service.createNamespace("old");
		this.service.put(old, "soon", new byte[] { 1 }, null, Instant.now().plusSeconds(40));
		this.service.put(old, "stays", new byte[] { 1 }, null, null);
		JsonNode run = clearedWithBackup(old);
		JsonNode restored = commands().set("CLEAR_NAMESPACE_ID", old)
			.run("restore", run.get("run").asString(), "--json")
			.exits(6)
			.json();
		assertThat(restored.get("restored").asInt()).isOne();
		assertThat(restored.get("refused").asInt()).isOne();
		assertThat(this.service.keys(old)).containsExactly("stays");
	}

	private JsonNode clearedWithBackup(String namespace) throws IOException {
		Path job = job("cloudflare-clear");
		// A value that is no text is read alone, which at the pace of the service takes
		// hours.
		Files.writeString(job, Files.readString(job) + "  requests: 9000 per 1s\nbackup: true\n");
		return commands().set("CLEAR_NAMESPACE_ID", namespace).run("run", job, "--json").exits(0).json();
	}

	@Test
	void flagsStandForADefinition() throws IOException {
		String pages = this.service.createNamespace("page cache");
		for (String key : List.of("a1", "b1", "c1", "d1")) {
			put(pages, key, "{\"tags\": \"x,y\"}");
		}
		Path saved = this.folder.resolve("saved.yaml");
		JsonNode result = commands()
			.run("run", "--store", "cloudflare:pages", "--all-keys", "--split-by", "abc", "--tag-field", "tags",
					"--tag-value", "y", "--recheck", "--requests", "9000 per 1m", "--save", saved, "--config",
					configuration("pages", "page cache"), "--json")
			.exits(0)
			.json();
		assertThat(result.get("guarantee").asString()).isEqualTo("recheck-then-delete");
		assertThat(result.get("deleted").asInt()).isEqualTo(3);
		assertThat(this.service.keys(pages)).containsExactly("d1");
		assertThat(commands().run("validate", saved).exits(0).out()).contains(": valid", "  hint: recheck costs");
		assertThat(Files.readString(saved)).contains("${CLOUDFLARE_API_TOKEN}").doesNotContain(this.service.token());
	}

	@Test
	void aUsedUpDayEndsAsStopped() throws IOException {
		restart(Settings.defaults().withDailyQuota(1000, 10));
		String customers = this.service.createNamespace("customers");
		this.service.fill(customers, 20, (number) -> "customer/1/" + number, (number) -> null);
		Result result = commands().run("run", job("cloudflare-customer"), "-p", "id=1").exits(3);
		assertThat(result.out()).contains("STOPPED", "launch again after 00:00 UTC");
		assertThat(this.service.keys(customers)).isNotEmpty();
	}

	@Test
	void aRecheckedBatchIsNoMoreThanADayOfTheFreePlanTakes() throws IOException {
		MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
		restart(Settings.defaults().withDailyQuota(1000, 1000).withClock(clock));
		String customers = this.service.createNamespace("customers");
		this.service.fill(customers, 2500, (number) -> "customer/1/" + number, (number) -> null);
		Path job = job("cloudflare-customer");
		Files.writeString(job, Files.readString(job) + "recheck: true\n");
		for (int left : List.of(1500, 500)) {
			commands().run("run", job, "-p", "id=1").exits(3);
			assertThat(this.service.keys(customers)).hasSize(left);
			clock.advance(Duration.ofDays(1));
		}
		JsonNode result = commands().run("run", job, "-p", "id=1", "--json").exits(0).json();
		assertThat(result.get("deleted").asInt()).isEqualTo(2500);
		assertThat(this.service.keys(customers)).isEmpty();
	}

	@Test
	void aRevokedTokenIsToldInOneLineThatDoesNotRepeatIt() throws IOException {
		this.service.createNamespace("customers");
		this.service.revokeToken();
		Result result = commands().run("run", job("cloudflare-customer"), "-p", "id=1");
		assertThat(result.status()).isIn(1, 2);
		assertThat(result.problems()).singleElement().asString().contains("token").doesNotContain(this.service.token());
	}

	@Test
	void aTitleThatNoNamespaceHasIsUsage() throws IOException {
		this.service.createNamespace("customer");
		assertThat(commands().run("run", job("cloudflare-customer"), "-p", "id=1").exits(2).problems()).singleElement()
			.asString()
			.contains("'customers'", "'customer'");
	}

}
