package io.kvpurge.testkit.cloudflare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Cloudflare Workers KV on this machine: its REST API with its limits and its whims. It
 * is meant to be no kinder than the service.
 */
public final class CloudflareSimulator implements AutoCloseable {

	private static final byte[] NOTHING = new byte[0];

	static {
		// Else the system waits 40 ms with the end of an answer.
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final Settings settings;

	private final Random random;

	private final String account;

	private final Counters counters = new Counters();

	private final Journal journal;

	private final Cursors cursors;

	private final RateLimiter limiter;

	private final Service service;

	private final ApiHandler handler;

	private final HttpServer server;

	private final ExecutorService threads;

	private CloudflareSimulator(Settings settings) throws IOException {
		this.settings = settings;
		this.random = new Random(settings.seed());
		this.account = id();
		this.journal = new Journal(settings.journal());
		this.cursors = new Cursors(new Random(settings.seed() + 1));
		this.limiter = new RateLimiter(settings.requests(), settings.window(), settings.clock(), this.random);
		this.service = new Service(settings, this.account, this.counters,
				new KeyCalls(this.cursors, this.journal,
						new DailyQuota("lists", settings.listsPerDay(), settings.clock()), this.random),
				new BulkCalls(this.journal, new DailyQuota("deletes", settings.deletesPerDay(), settings.clock()),
						this.random));
		this.handler = new ApiHandler(this.service, this.limiter,
				new RateLimiter(settings.requestsPerSecond(), Duration.ofSeconds(1), settings.clock(), this.random),
				this.counters, settings.token());
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
		CustomizableThreadFactory factory = new CustomizableThreadFactory("cloudflare-");
		factory.setDaemon(true);
		this.threads = Executors.newCachedThreadPool(factory);
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this.handler);
		this.server.start();
	}

	/** Runs until it is killed. */
	public static void main(String... arguments) throws InterruptedException {
		SimulatorProgram.run(arguments);
	}

	public static CloudflareSimulator start() {
		return start(Settings.defaults());
	}

	public static CloudflareSimulator start(Settings settings) {
		try {
			return new CloudflareSimulator(settings);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String id() {
		byte[] bytes = new byte[16];
		this.random.nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/** Without a slash at the end. */
	public String baseUrl() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/client/v4";
	}

	public String accountId() {
		return this.account;
	}

	public String token() {
		return this.settings.token();
	}

	public Counters counters() {
		return this.counters;
	}

	public Journal journal() {
		return this.journal;
	}

	/** Makes an empty namespace, and says its id. */
	public String createNamespace(String title) {
		return this.service.createNamespace(id(), title, this.random).id();
	}

	/** Everybody sees it at once, and no journal tells of it. */
	public void put(String namespaceId, String key, byte[] value, @Nullable String metadata,
			@Nullable Instant expiration) {
		this.service.namespace(namespaceId)
			.set(KeyNames.bytes(key), value, (metadata != null) ? metadata.getBytes(StandardCharsets.UTF_8) : null,
					(expiration != null) ? expiration.getEpochSecond() : 0);
	}

	/** Everybody sees it at once, and no journal tells of it. */
	public void remove(String namespaceId, String key) {
		this.service.namespace(namespaceId).remove(KeyNames.bytes(key));
	}

	/**
	 * Puts many keys that have no value worth reading.
	 * @param metadata gives JSON text, or null
	 */
	public void fill(String namespaceId, int count, IntFunction<String> key, IntFunction<@Nullable String> metadata) {
		Namespace namespace = this.service.namespace(namespaceId);
		for (int i = 0; i < count; i++) {
			String json = metadata.apply(i);
			namespace.set(KeyNames.bytes(key.apply(i)), NOTHING,
					(json != null) ? json.getBytes(StandardCharsets.UTF_8) : null, 0);
		}
	}

	/** What is really there now, whatever listings show. */
	public List<String> keys(String namespaceId) {
		List<String> keys = new ArrayList<>();
		this.service.namespace(namespaceId)
			.truth(this.settings.clock().millis(), (name, version) -> keys.add(KeyNames.text(name)));
		return keys;
	}

	/** What is really there now under a key. */
	public Optional<Stored> stored(String namespaceId, String key) {
		Version version = this.service.namespace(namespaceId)
			.truth(KeyNames.bytes(key), this.settings.clock().millis());
		return Optional.ofNullable(version)
			.map((there) -> new Stored(Objects.requireNonNull(there.value), Journal.text(there.metadata),
					(there.expiration != 0) ? Instant.ofEpochSecond(there.expiration) : null));
	}

	/** How long calls of that kind take from now on. */
	public void latency(Call call, Duration latency) {
		this.service.latencies().put(call, latency);
	}

	/**
	 * A limit from now on, with a new window. What may come in a second stays as it was
	 * set at first.
	 */
	public void limitRequests(int count, Duration window) {
		this.limiter.limit(count, window);
	}

	/** What goes wrong by chance from now on. */
	public void faults(Faults faults) {
		this.service.faultPlan().use(faults);
	}

	/** The next requests of a kind go wrong, those before that were named before. */
	public void failNext(Call call, int times, Fault fault) {
		this.service.faultPlan().failNext(call, times, fault);
	}

	/** The key is never deleted by a request, until it is allowed. */
	public void refuse(String key) {
		this.service.bulkCalls().refused().add(key);
	}

	/** Undoes {@link #refuse}. */
	public void allow(String key) {
		this.service.bulkCalls().refused().remove(key);
	}

	/** How a bulk delete is answered that meets such a key; from 300 on as a failure. */
	public void answerRefusalsWith(int status) {
		this.service.bulkCalls().refusalStatus(status);
	}

	/** The token may not make such calls, until it is permitted. */
	public void deny(Call call) {
		this.service.denied().add(call);
	}

	/** Undoes {@link #deny}. */
	public void permit(Call call) {
		this.service.denied().remove(call);
	}

	/** The token is not known from now on. */
	public void revokeToken() {
		this.handler.revoked(true);
	}

	/** No cursor that was handed out so far is known any more. */
	public void forgetCursors() {
		this.cursors.forgetAll();
	}

	/** Instead of the one before. */
	public void listen(RequestListener listener) {
		this.service.listener(listener);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/** What is there under a key. */
	public record Stored(byte[] value, @Nullable String metadata, @Nullable Instant expiration) {
	}

}
