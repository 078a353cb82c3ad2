package io.kvpurge.testkit.cloudflare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import org.jspecify.annotations.Nullable;

/** Lets requests in, and sends the answers. */
final class ApiHandler implements HttpHandler {

	private static final int LONGEST_BODY = 101 * 1000 * 1000;

	private final Service service;

	private final RateLimiter limiter;

	/** Of all requests from one place. */
	private final RateLimiter perSecond;

	private final Counters counters;

	private final String token;

	private volatile boolean revoked;

	ApiHandler(Service service, RateLimiter limiter, RateLimiter perSecond, Counters counters, String token) {
		this.service = service;
		this.limiter = limiter;
		this.perSecond = perSecond;
		this.counters = counters;
		this.token = token;
	}

	void revoked(boolean value) {
		this.revoked = value;
	}

	@Override
	public void handle(HttpExchange exchange) throws IOException {
		long number = this.counters.request(exchange.getRemoteAddress());
		byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
		send(exchange, answer(exchange, number, body));
	}

	private Answer answer(HttpExchange exchange, long number, byte[] body) {
		RateLimiter.Standing standing = null;
		try {
			String path = exchange.getRequestURI().getRawPath();
			authenticate(exchange, path.endsWith("/user/tokens/verify"));
			this.perSecond.take();
			standing = this.limiter.take();
			Route route = Route.of(exchange.getRequestMethod(), path);
			String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
			Service.Outcome outcome = this.service
				.serve(new Request(number, route, Route.query(exchange.getRequestURI().getRawQuery()),
						(contentType != null) ? contentType : "", body));
			return standing.after(outcome.fault()).in(outcome.answer());
		}
		catch (ApiError ex) {
			return (standing != null) ? standing.in(ex.answer()) : ex.answer();
		}
		catch (RuntimeException ex) {
			// The server would close the connection and say nothing.
			return Answer.error(500, 0, "the simulator is broken: " + ex);
		}
	}

	private void authenticate(HttpExchange exchange, boolean verify) {
		String authorization = exchange.getRequestHeaders().getFirst("Authorization");
		if (this.revoked || !("Bearer " + this.token).equals(authorization)) {
			throw verify ? new ApiError(401, 1000, "Invalid API Token")
					: new ApiError(this.revoked ? 403 : 401, 10000, "Authentication error");
		}
	}

	private void send(HttpExchange exchange, Answer answer) throws IOException {
		if (answer.shape() == Answer.Shape.NOTHING) {
			throw new IOException("the connection is dropped on purpose");
		}
		answer.headers().forEach(exchange.getResponseHeaders()::set);
		boolean zipped = answer.body().length > 0 && accepts(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
		byte[] body = zipped ? gzip(answer.body()) : answer.body();
		if (zipped) {
			exchange.getResponseHeaders().set("Content-Encoding", "gzip");
		}
		this.counters.answered(answer, zipped);
		if (answer.shape() == Answer.Shape.CUT) {
			exchange.sendResponseHeaders(answer.status(), body.length + 1);
			exchange.getResponseBody().write(body, 0, body.length / 2);
			exchange.getResponseBody().flush();
			throw new IOException("the answer is cut on purpose");
		}
		exchange.sendResponseHeaders(answer.status(), (body.length > 0) ? body.length : -1);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write(body);
		}
		exchange.close();
	}

	private static boolean accepts(@Nullable String encodings) {
		return encodings != null && encodings.contains("gzip");
	}

	private static byte[] gzip(byte[] body) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
		try (OutputStream gzip = new FastGzip(bytes)) {
			gzip.write(body);
		}
		return bytes.toByteArray();
	}

	/** Rather fast than small, as it is the line to the same machine. */
	private static final class FastGzip extends GZIPOutputStream {

		FastGzip(OutputStream out) throws IOException {
			super(out, 8192);
			this.def.setLevel(Deflater.BEST_SPEED);
		}

	}

}
