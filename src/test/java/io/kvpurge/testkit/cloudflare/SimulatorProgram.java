package io.kvpurge.testkit.cloudflare;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The simulator as a program, for demos and benchmarks. */
@CommandLine.Command(name = "cloudflare-simulator", mixinStandardHelpOptions = true)
final class SimulatorProgram {

	private static final Pattern REQUESTS = Pattern.compile("(\\d+) ?(?:per|/) ?(\\d+)(ms|s|m)");

	@Option(names = "--port", description = "0 for any")
	private int port;

	@Option(names = "--keys", description = "how many keys there are at first")
	private int keys;

	@Option(names = "--title", description = "of the namespace")
	private String title = "cache";

	@Option(names = "--token")
	private String token = Settings.TOKEN;

	@Option(names = "--latency", description = "of every call, in milliseconds")
	private long latency;

	@Option(names = "--requests", description = "how many the token may make, such as '1200 per 300s'")
	private String requests = "1200 per 300s";

	@Option(names = "--journal", description = "remember every deleted key")
	private boolean journal;

	@Option(names = "--lag", description = "how long a change may stay unseen, in milliseconds")
	private long lag;

	@Option(names = "--faults", description = "the chance of each that can go wrong, from 0 to 1")
	private double faults;

	private SimulatorProgram() {
	}

	static void run(String... arguments) throws InterruptedException {
		SimulatorProgram program = new SimulatorProgram();
		CommandLine line = new CommandLine(program);
		try {
			if (CommandLine.printHelpIfRequested(line.parseArgs(arguments))) {
				return;
			}
			program.serve();
		}
		catch (CommandLine.ParameterException | IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			line.usage(System.err);
		}
	}

	private void serve() throws InterruptedException {
		Settings settings = Settings.defaults()
			.withPort(this.port)
			.withToken(this.token)
			.withConsistencyDelay(Duration.ofMillis(this.lag));
		try (CloudflareSimulator simulator = CloudflareSimulator
			.start(limited(this.journal ? settings : settings.withoutJournal()))) {
			String namespace = simulator.createNamespace(this.title);
			simulator.fill(namespace, this.keys, SimulatorProgram::key, SimulatorProgram::metadata);
			simulator.faults(Faults.all(1, this.faults));
			for (Call call : Call.values()) {
				simulator.latency(call, Duration.ofMillis(this.latency));
			}
			print(simulator, namespace);
			new CountDownLatch(1).await();
		}
	}

	private void print(CloudflareSimulator simulator, String namespace) {
		System.out.printf("""
				base URL   %1$s
				account    %2$s
				namespace  %4$s (%5$s), %6$d keys

				export CLOUDFLARE_ACCOUNT_ID='%2$s'
				export CLOUDFLARE_API_TOKEN='%3$s'

				store:
				  type: cloudflare
				  base-url: %1$s
				  account-id: ${CLOUDFLARE_ACCOUNT_ID}
				  api-token: ${CLOUDFLARE_API_TOKEN}
				  namespace-id: %4$s
				""", simulator.baseUrl(), simulator.accountId(), simulator.token(), namespace, this.title, this.keys);
		System.out.flush();
	}

	private Settings limited(Settings settings) {
		Matcher parts = REQUESTS.matcher(this.requests);
		if (!parts.matches()) {
			throw new IllegalArgumentException(
					"--requests must look like '1200 per 300s', not '" + this.requests + "'");
		}
		long length = Long.parseLong(parts.group(2));
		Duration window = switch (parts.group(3)) {
			case "ms" -> Duration.ofMillis(length);
			case "s" -> Duration.ofSeconds(length);
			default -> Duration.ofMinutes(length);
		};
		return settings.withRequests(Integer.parseInt(parts.group(1)), window);
	}

	private static String key(int number) {
		return "page:%08d".formatted(number);
	}

	/** A third has been written by each of three releases. */
	private static String metadata(int number) {
		return "{\"release\":\"r" + number % 3 + "\",\"size\":" + number % 5000 + "}";
	}

}
