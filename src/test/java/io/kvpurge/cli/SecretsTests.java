package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.KvpurgeProcess;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Fault;
import io.kvpurge.testkit.cloudflare.RequestListener;
import io.kvpurge.testkit.cloudflare.Settings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However the service fails, and whatever it repeats, the token stands in no output, in
 * no file, and in no ledger.
 */
class SecretsTests {

	private static final int KEYS = 30;

	@TempDir
	Path folder;

	private final CloudflareSimulator service = CloudflareSimulator.start(Settings.defaults().withoutRequestLimit());

	private final SecretSearch search = new SecretSearch(this.service.token());

	private final Map<String, String> environment = new HashMap<>();

	private final Map<String, Integer> outcomes = new LinkedHashMap<>();

	private final String namespace = this.service.createNamespace("secrets");

	private void fill() {
		this.service.fill(this.namespace, KEYS, (number) -> "k" + number, (number) -> "{\"n\": 1}");
	}

	@BeforeEach
	void begin() {
		fill();
		set("CLOUDFLARE_ACCOUNT_ID", this.service.accountId());
		set("CLOUDFLARE_API_TOKEN", this.service.token());
		set("KVPURGE_SETTLE_DELAY", "1ms");
		set("KVPURGE_REQUEST_TIMEOUT", "300ms");
	}

	@AfterEach
	void stop() {
		this.service.close();
	}

	private void set(String variable, String value) {
		this.environment.put(variable, value);
	}

	private Path definition(String namespace, String baseUrl) throws IOException {
		return Files.writeString(this.folder.resolve("secrets.yaml"), """
				version: 1
				name: secrets
				store:
				  type: cloudflare
				  account-id: ${CLOUDFLARE_ACCOUNT_ID}
				  api-token: ${CLOUDFLARE_API_TOKEN}
				  namespace: %s
				  base-url: "%s"
				select:
				  prefixes: [k]
				  where: metadata.n == 1
				""".formatted(namespace, baseUrl));
	}

	private Path definition() throws IOException {
		return definition("secrets", this.service.baseUrl());
	}

	/** Runs a command, whatever comes of it, and searches what it says. */
	private Result say(Object... arguments) {
		CommandLineTester commands = new CommandLineTester(this.folder.resolve("home"));
		this.environment.forEach(commands::set);
		Result result = commands.run(arguments);
		String command = List.of(arguments).toString();
		this.search.text("standard output of " + command, result.out());
		this.search.text("standard error of " + command, result.err());
		return result;
	}

	private void assertNothingIsFound() throws Exception {
		assertThat(this.search.folder(this.folder).found()).isEmpty();
	}

	@Test
	void whateverFails() throws Exception {
		Map<String, Consumer<CloudflareSimulator>> failures = failures();
		boolean json = false;
		for (Map.Entry<String, Consumer<CloudflareSimulator>> failure : failures.entrySet()) {
			fill();
			failure.getValue().accept(this.service);
			Result result = json ? say("run", definition(), "--json") : say("run", definition());
			this.outcomes.put(failure.getKey(), result.status());
			json = !json;
		}
		// What does not fail at all proves nothing.
		assertThat(this.outcomes.values()).as("%s", this.outcomes).contains(0, 1, 2, 3, 6);
		for (Object[] command : List.of(new Object[] { "status" }, new Object[] { "status", "secrets", "--json" },
				new Object[] { "audit", "secrets" }, new Object[] { "audit", "secrets", "--format", "csv" },
				new Object[] { "audit", "secrets", "--format", "jsonl" },
				new Object[] { "audit", "secrets", "--export", this.folder.resolve("export.jsonl") })) {
			say(command).exits(0);
		}
		say("resume", "secrets");
		say("resume", "--all", "--json");
		assertNothingIsFound();
	}

	private static Map<String, Consumer<CloudflareSimulator>> failures() {
		Map<String, Consumer<CloudflareSimulator>> failures = new LinkedHashMap<>();
		for (Fault fault : List.of(Fault.throttled(0).echoing(), Fault.error(503, 10001).echoing(),
				Fault.error(400, 10029).echoing(), Fault.error(401, 10000).echoing(), Fault.error(404, 10013).echoing(),
				Fault.garbage(200, 1), Fault.cut(), Fault.dropped(0))) {
			failures.put("list: " + fault, (service) -> service.failNext(Call.LIST, 1, fault));
		}
		for (Fault fault : List.of(Fault.errorAfter(500, 10001, 1).echoing(), Fault.error(403, 10037).echoing(),
				Fault.error(413, 10024).echoing(), Fault.garbage(301, 0), Fault.dropped(1),
				Fault.unsuccessful(200, 0.5).echoing(), Fault.unsuccessful(400, 0.5).echoing(),
				Fault.unsuccessful(503, 0).echoing(), Fault.timeout(0.5), Fault.bulkBusy().echoing())) {
			failures.put("delete: " + fault, (service) -> service.failNext(Call.BULK_DELETE, 1, fault));
		}
		for (Fault fault : List.of(Fault.error(400, 10029).echoing(), Fault.error(503, 10001).echoing(),
				Fault.garbage(200, 0))) {
			failures.put("open: " + fault, (service) -> service.failNext(Call.NAMESPACES, 1, fault));
		}
		// As often as a batch is halved, and once more.
		failures.put("quota", (service) -> service.failNext(Call.BULK_DELETE, 6, Fault.error(429, 10048).echoing()));
		failures.put("slow", SecretsTests::slowOnce);
		failures.put("refused", (service) -> service.refuse("k7"));
		failures.put("forbidden", (service) -> service.deny(Call.BULK_DELETE));
		failures.put("revoked", CloudflareSimulator::revokeToken);
		return failures;
	}

	private static void slowOnce(CloudflareSimulator service) {
		service.latency(Call.LIST, Duration.ofSeconds(1));
		service.listen(new RequestListener() {
			@Override
			public void answered(long number, Call call, int status) {
				if (call == Call.LIST) {
					service.latency(Call.LIST, Duration.ZERO);
				}
			}
		});
	}

	@Test
	void whateverIsWrongWithADefinition() throws Exception {
		say("validate", definition("secrets", this.service.baseUrl())).exits(0);
		say("run", definition("secret", this.service.baseUrl())).exits(2);
		say("run", definition("secrets", "http://127.0.0.1:1")).exits(1);
		set("BASE_URL", "https://" + this.service.token() + "@localhost/client/v4");
		say("run", definition("secrets", "${BASE_URL}")).exits(2);
		set("BASE_URL", "https://localhost/client/v4?token=" + this.service.token());
		say("run", definition("secrets", "${BASE_URL}"), "--json").exits(2);
		Path literal = definition();
		Files.writeString(literal, Files.readString(literal).replace("${CLOUDFLARE_API_TOKEN}", this.service.token()));
		say("validate", literal).exits(2);
		say("run", literal, "--json").exits(2);
		Files.delete(literal);
		set("CLOUDFLARE_API_TOKEN", this.service.token() + "\n");
		say("run", definition()).exits(2);
		set("CLOUDFLARE_API_TOKEN", this.service.token() + "x");
		say("run", definition(), "--json");
		say("explain", definition(), "k1");
		assertNothingIsFound();
	}

	@Test
	void whateverFailsWhileKeysAreWrittenAndLookedAt() throws Exception {
		Path entries = Files.writeString(this.folder.resolve("entries.jsonl"),
				"{\"key\": \"k100\", \"value\": \"v\"}\n");
		for (Fault fault : List.of(Fault.error(400, 10029).echoing(), Fault.error(503, 10001).echoing(),
				Fault.unsuccessful(500, 0).echoing())) {
			this.service.failNext(Call.BULK_PUT, 1, fault);
			say("load", definition(), entries);
		}
		for (Call call : List.of(Call.BULK_GET, Call.GET_VALUE, Call.GET_METADATA)) {
			this.service.failNext(call, 1, Fault.error(400, 10029).echoing());
		}
		say("explain", definition(), "k1");
		say("explain", definition(), "k1", "--json");
		say("run", "--dry-run", definition());
		assertNothingIsFound();
	}

	@Test
	void whateverIsLogged() throws Exception {
		Map<String, String> talkative = new HashMap<>(this.environment);
		talkative.put("KVPURGE_LOG_LEVEL", "TRACE");
		this.service.failNext(Call.BULK_DELETE, 1, Fault.errorAfter(500, 10001, 1).echoing());
		this.service.failNext(Call.LIST, 1, Fault.dropped(0));
		try (KvpurgeProcess process = KvpurgeProcess.start(this.folder, talkative, "run", definition().toString(),
				"--home", this.folder.resolve("home").toString())) {
			assertThat(process.await()).isZero();
			assertThat(process.err()).contains(" DEBUG ", "MainClientExec", "/bulk/delete");
		}
		// Its output is in the folder.
		assertNothingIsFound();
	}

	@Test
	void theSearchFindsWhatIsThere() throws Exception {
		set("CLOUDFLARE_ACCOUNT_ID", "0123");
		Files.writeString(this.folder.resolve("trace.txt"), "Bearer " + this.service.token());
		assertThat(this.search.folder(this.folder).found()).isNotEmpty().allMatch((line) -> line.contains("trace.txt"));
	}

}
