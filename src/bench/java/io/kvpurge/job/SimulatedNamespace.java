package io.kvpurge.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Counters;
import io.kvpurge.testkit.cloudflare.Settings;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A namespace of Cloudflare Workers KV, simulated in a process of its own, so that
 * neither its processor time nor its heap is the client's. Each key is a hexadecimal
 * digit and a number; the number stands in the metadata, about 100 bytes, as {@code n}.
 */
public final class SimulatedNamespace implements AutoCloseable {

	public static final Shape FAST = new Shape(0, 0, 0, Duration.ofSeconds(30));

	private final Process process;

	private final BufferedReader answers;

	private final Map<String, String> environment;

	private SimulatedNamespace(Process process) throws IOException {
		this.process = process;
		this.answers = process.inputReader(UTF_8);
		String[] words = line().split(" ");
		this.environment = Map.of("BENCH_URL", words[0], "BENCH_ACCOUNT", words[1], "BENCH_TOKEN", words[2],
				"BENCH_NAMESPACE", words[3]);
	}

	public static SimulatedNamespace start(int keys, Shape shape) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx6g", "-cp",
						System.getProperty("java.class.path"), SimulatedNamespace.class.getName()));
		Stream.of(keys, shape.listMillis(), shape.deleteMillis(), shape.requests(), shape.window().toMillis())
			.map(String::valueOf)
			.forEach(command::add);
		return new SimulatedNamespace(
				new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
	}

	/** Variables that lead a definition here. */
	public Map<String, String> environment() {
		return this.environment;
	}

	/** Its process, to be accounted for. */
	public ProcessHandle process() {
		return this.process.toHandle();
	}

	/** What was asked of it so far. */
	public Asked asked() {
		int[] numbers = Stream.of(answer("asked").split(" ")).mapToInt(Integer::parseInt).toArray();
		return new Asked(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
	}

	/** How many keys there are. */
	public int size() {
		return Integer.parseInt(answer("size"));
	}

	/** Lets deletes of a key fail from now on, without a reason. */
	public void refuse(int number) {
		answer("refuse " + key(number));
	}

	private String answer(String question) {
		try {
			this.process.outputWriter(UTF_8).append(question + "\n").flush();
			return line();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String line() throws IOException {
		String line = this.answers.readLine();
		if (line == null) {
			throw new IOException("the simulator has ended");
		}
		return line;
	}

	@Override
	public void close() {
		this.process.destroy();
	}

	/** The other process: it ends with the one that started it. */
	public static void main(String[] args) throws IOException {
		int keys = Integer.parseInt(args[0]);
		int requests = Integer.parseInt(args[3]);
		Settings settings = Settings.defaults().withoutJournal();
		settings = (requests > 0) ? settings.withRequests(requests, Duration.ofMillis(Long.parseLong(args[4])))
				: settings.withoutRequestLimit();
		try (CloudflareSimulator simulator = CloudflareSimulator.start(settings)) {
			String namespace = simulator.createNamespace("bench");
			simulator.fill(namespace, keys, SimulatedNamespace::key, SimulatedNamespace::metadata);
			simulator.latency(Call.LIST, Duration.ofMillis(Long.parseLong(args[1])));
			simulator.latency(Call.BULK_DELETE, Duration.ofMillis(Long.parseLong(args[2])));
			System.out
				.println(String.join(" ", simulator.baseUrl(), simulator.accountId(), simulator.token(), namespace));
			BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
			for (String question = questions.readLine(); question != null; question = questions.readLine()) {
				System.out.println(answer(simulator, namespace, question.split(" ")));
			}
		}
	}

	private static String answer(CloudflareSimulator simulator, String namespace, String[] question) {
		switch (question[0]) {
			case "size":
				return String.valueOf(simulator.keys(namespace).size());
			case "refuse":
				simulator.refuse(question[1]);
				return "refused";
			default:
				return asked(simulator.counters());
		}
	}

	/** Spread over the sixteen digits as evenly as may be, whatever their order. */
	private static String key(int number) {
		return "%x%09d".formatted(((number * 2_654_435_761L) >>> 28) & 15, number);
	}

	private static String metadata(int number) {
		return "{\"n\":%d,\"build\":\"v%d\",\"type\":\"html\",\"tags\":\"product-%d,category-%d\",\"pad\":\"%s\"}"
			.formatted(number, number % 7, number % 5000, number % 40, "0123456789abcdefghijklmn");
	}

	private static String asked(Counters counters) {
		int list = counters.requests(Call.LIST);
		int delete = counters.requests(Call.BULK_DELETE);
		int all = Stream.of(Call.values()).mapToInt(counters::requests).sum();
		return list + " " + delete + " " + (all - list - delete) + " " + counters.throttled() + " "
				+ counters.connections();
	}

	/**
	 * How it behaves.
	 *
	 * @param listMillis how long it takes to list a page
	 * @param deleteMillis how long it takes to delete keys
	 * @param requests how many it takes in a window, 0 for any number
	 */
	public record Shape(int listMillis, int deleteMillis, int requests, Duration window) {
	}

	/**
	 * What was asked of it.
	 *
	 * @param other all but lists and bulk deletes; looking for the namespace is one
	 * @param throttled how many were answered with 429
	 */
	public record Asked(int list, int delete, int other, int throttled, int connections) {
	}

}
