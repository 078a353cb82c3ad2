package io.kvpurge.store.cloudflare;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOptions;

/** A service that answers word by word what a test says, once the store is open. */
final class ScriptedService implements AutoCloseable {

	private static final String NAMESPACE = """
			{"success": true, "errors": [], "result": {"id": "n1", "title": "cache", "supports_url_encoding": true}}""";

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	ScriptedService() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::handle);
		this.server.start();
	}

	String baseUrl() {
		return "http://localhost:" + this.server.getAddress().getPort() + "/v4";
	}

	KeyValueStore open() {
		return open(StoreOptions.REQUEST_TIMEOUT);
	}

	KeyValueStore open(Duration timeout) {
		return new CloudflareStoreType().open(new StoreOptions(Map.of("account-id", List.of("a1"), "api-token",
				List.of("secret-token"), "namespace-id", List.of("n1"), "base-url", List.of(baseUrl())), timeout));
	}

	/** The next answer; after the last comes an error 500 without a body. */
	ScriptedService reply(int status, String body, String... headers) {
		this.replies.add(new Reply(status, body, headers, false));
		return this;
	}

	/** The next answer comes a byte at a time, and never whole. */
	ScriptedService drip() {
		this.replies.add(new Reply(200, "", new String[0], true));
		return this;
	}

	/** What was asked since the store was opened. */
	List<Request> requests() {
		return this.requests;
	}

	private void handle(HttpExchange exchange) throws IOException {
		String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		if (exchange.getRequestURI().getRawPath().endsWith("/namespaces/n1")) {
			send(exchange, new Reply(200, NAMESPACE, new String[0], false));
			return;
		}
		this.requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(),
				String.valueOf(exchange.getRequestURI().getRawQuery()), body,
				String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"))));
		Reply reply = this.replies.poll();
		send(exchange, (reply != null) ? reply : new Reply(500, "", new String[0], false));
	}

	private void send(HttpExchange exchange, Reply reply) throws IOException {
		for (int i = 0; i < reply.headers().length; i += 2) {
			exchange.getResponseHeaders().set(reply.headers()[i], reply.headers()[i + 1]);
		}
		byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(reply.status(),
				reply.drips() ? 1_000_000 : (bytes.length > 0) ? bytes.length : -1);
		try (exchange; OutputStream out = exchange.getResponseBody()) {
			out.write(bytes);
			while (reply.drips() && !this.closed.await(20, TimeUnit.MILLISECONDS)) {
				out.write(' ');
				out.flush();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.closed.countDown();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/** What was asked. */
	record Request(String method, String path, String query, String body, String userAgent) {

	}

	private record Reply(int status, String body, String[] headers, boolean drips) {

	}

}
