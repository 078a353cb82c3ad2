package io.kvpurge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.cli.CommandLineTester.Result;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Fault;
import io.kvpurge.testkit.cloudflare.RequestListener;
import io.kvpurge.testkit.cloudflare.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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

	private String namespace = "";

	@BeforeEach
	void fill() {
		this.namespace = this.service.createNamespace("secrets");
		this.service.fill(this.namespace, KEYS, (number) -> "k" + number, (number) -> "{\"n\": 1}");
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

	static Stream<Arguments> failures() {
		List<Arguments> failures = new ArrayList<>();
		for (Call call : List.of(Call.LIST, Call.BULK_DELETE)) {
			failures.add(failure(call, Fault.throttled(1)));
			failures.add(failure(call, Fault.throttled(1).echoing()));
			failures.add(failure(call, Fault.error(503, 10001)));
			failures.add(failure(call, Fault.errorAfter(500, 10001, 1).echoing()));
			failures.add(failure(call, Fault.error(400, 10029).echoing()));
			failures.add(failure(call, Fault.error(401, 10000).echoing()));
			failures.add(failure(call, Fault.error(403, 10037).echoing()));
			failures.add(failure(call, Fault.error(404, 10013).echoing()));
			failures.add(failure(call, Fault.error(429, 10048).echoing()));
			failures.add(failure(call, Fault.error(413, 10024).echoing()));
			failures.add(failure(call, Fault.garbage(200, 1)));
			failures.add(failure(call, Fault.garbage(301, 0)));
			failures.add(failure(call, Fault.cut()));
			failures.add(failure(call, Fault.dropped(0)));
		}
		failures.add(failure(Call.BULK_DELETE, Fault.unsuccessful(200, 0.5).echoing()));
		failures.add(failure(Call.BULK_DELETE, Fault.unsuccessful(400, 0.5).echoing()));
		failures.add(failure(Call.BULK_DELETE, Fault.unsuccessful(503, 0).echoing()));
		failures.add(failure(Call.BULK_DELETE, Fault.timeout(0.5)));
		failures.add(failure(Call.BULK_DELETE, Fault.bulkBusy().echoing()));
		failures.add(failure(Call.NAMESPACES, Fault.error(400, 10029).echoing()));
		failures.add(failure(Call.NAMESPACES, Fault.error(503, 10001).echoing()));
		failures.add(failure(Call.NAMESPACES, Fault.garbage(200, 0)));
		failures.add(failure("forbidden", (service) -> service.deny(Call.BULK_DELETE)));
		failures.add(failure("refused", (service) -> service.refuse("k7")));
		failures.add(failure("slow", SecretsTests::slowOnce));
		failures.add(failure("revoked", CloudflareSimulator::revokeToken));
		return failures.stream();
	}

	private static Arguments failure(Call call, Fault fault) {
		return failure(call + " " + fault, (service) -> service.failNext(call, 1, fault));
	}

	private static Arguments failure(String name, Consumer<CloudflareSimulator> failing) {
		return arguments(name, failing);
	}

	private static void slowOnce(CloudflareSimulator service) {
		service.latency(Call.LIST, Duration.ofSeconds(1));
		service.listen(new RequestListener() {
			@Override
			public void answered(long number, Call call, int status) {
				service.latency(Call.LIST, Duration.ZERO);
			}
		});
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("failures")
	void whateverFails(String name, Consumer<CloudflareSimulator> failing) throws Exception {
		failing.accept(this.service);
		say("run", definition());
		say("audit", "secrets");
		assertNothingIsFound();
	}

}
