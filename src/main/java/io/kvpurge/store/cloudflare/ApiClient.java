package io.kvpurge.store.cloudflare;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RateLimit;

/**
 * Makes requests over connections that are kept. Nothing is repeated and no redirect is
 * followed, since the token would go along. Safe for use by several threads.
 */
final class ApiClient implements AutoCloseable {

	private static final int MOST_CONNECTIONS = 64;

	private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

	/** A connection that rested longer is looked at before it is used. */
	private static final TimeValue VALIDATE_AFTER = TimeValue.ofMilliseconds(500);

	/** So fast at least does a long body move, beyond the time of the request itself. */
	private static final long BYTES_PER_SECOND = 1_000_000;

	/** More is no answer of this service: a value has 25 MiB, which JSON may multiply. */
	private static final int LONGEST_BODY = 200_000_000;

	private final Duration timeout;

	private final CloseableHttpClient client;

	private final ScheduledThreadPoolExecutor deadlines;

	private final AtomicReference<@Nullable RateLimit> rateLimit = new AtomicReference<>();

	ApiClient(String token, Duration timeout) {
		this.timeout = timeout;
		this.client = client(token, timeout);
		this.deadlines = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "cloudflare-deadlines");
			thread.setDaemon(true);
			return thread;
		});
		this.deadlines.setRemoveOnCancelPolicy(true);
	}

	private static CloseableHttpClient client(String token, Duration timeout) {
		Duration connect = (timeout.compareTo(LONGEST_CONNECT) < 0) ? timeout : LONGEST_CONNECT;
		PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
			.setMaxConnPerRoute(MOST_CONNECTIONS)
			.setMaxConnTotal(MOST_CONNECTIONS)
			.setDefaultConnectionConfig(ConnectionConfig.custom()
				.setConnectTimeout(Timeout.of(connect))
				.setSocketTimeout(Timeout.of(timeout))
				.setValidateAfterInactivity(VALIDATE_AFTER)
				.build())
			.build();
		return HttpClients.custom()
			.setConnectionManager(connections)
			.setDefaultRequestConfig(RequestConfig.custom()
				.setConnectionRequestTimeout(Timeout.of(timeout))
				.setResponseTimeout(Timeout.of(timeout))
				.build())
			.setDefaultHeaders(List.of(new BasicHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token, true)))
			.setUserAgent("kvpurge")
			.disableAutomaticRetries()
			.disableRedirectHandling()
			.disableCookieManagement()
			.disableAuthCaching()
			.build();
	}

	/** The answer to a GET. */
	Answer get(String url) throws IOException {
		return get(url, 0);
	}

	/** The answer to a GET that may have a long body. */
	Answer get(String url, long transferred) throws IOException {
		return call(new HttpGet(url), transferred);
	}

	/** The answer to a POST or PUT of JSON. */
	Answer send(HttpUriRequestBase request, byte[] json, long answered) throws IOException {
		request.setEntity(new ByteArrayEntity(json, ContentType.APPLICATION_JSON));
		return call(request, json.length + answered);
	}

	/**
	 * The answer to a request. Whether the service did what was asked is not known after
	 * a failure, unless {@link CloudflareFailures} can tell.
	 * @param transferred how many bytes may go either way, beyond the usual
	 */
	Answer call(HttpUriRequestBase request, long transferred) throws IOException {
		return beforeDeadline(request, transferred, (response) -> {
			byte[] body = (response.getEntity() != null) ? EntityUtils.toByteArray(response.getEntity(), LONGEST_BODY)
					: null;
			return new Answer(response.getCode(), (body != null) ? body : new byte[0], headers(response));
		});
	}

	/** The answer to a GET, without its body if all went well: that is not waited for. */
	Answer head(String url) throws IOException {
		return beforeDeadline(new HttpGet(url), 0, (response) -> {
			byte[] body = (response.getCode() / 100 != 2 && response.getEntity() != null)
					? EntityUtils.toByteArray(response.getEntity(), LONGEST_BODY) : null;
			return new Answer(response.getCode(), (body != null) ? body : new byte[0], headers(response));
		});
	}

	/** A time-out of the socket does not end an answer that comes in drips. */
	private Answer beforeDeadline(HttpUriRequestBase request, long transferred, Reading reading) throws IOException {
		AtomicBoolean late = new AtomicBoolean();
		Duration allowed = this.timeout.plusSeconds(transferred / BYTES_PER_SECOND);
		ScheduledFuture<?> deadline = null;
		try {
			deadline = this.deadlines.schedule(() -> {
				late.set(true);
				request.cancel();
			}, allowed.toMillis(), TimeUnit.MILLISECONDS);
			try (ClassicHttpResponse response = this.client.executeOpen(RoutingSupport.determineHost(request), request,
					null)) {
				Answer answer = reading.read(response);
				if (answer.headers().rateLimit() != null) {
					this.rateLimit.set(answer.headers().rateLimit());
				}
				return answer;
			}
		}
		catch (IOException | HttpException | RuntimeException ex) {
			if (late.get()) {
				throw late(allowed, ex);
			}
			// What is thrown once the client is closed is no IOException.
			throw (ex instanceof IOException failure) ? failure : new IOException(ex.getMessage(), ex);
		}
		finally {
			if (deadline != null) {
				deadline.cancel(false);
			}
		}
	}

	private static IOException late(Duration allowed, Exception cause) {
		SocketTimeoutException late = new SocketTimeoutException(
				"no whole answer within " + allowed.toSeconds() + " s");
		late.initCause(cause);
		return late;
	}

	private static Answer.Headers headers(ClassicHttpResponse response) {
		return new Answer.Headers(header(response, HttpHeaders.RETRY_AFTER), header(response, HttpHeaders.DATE),
				header(response, "Expiration"), RateLimitHeader.parse(header(response, "Ratelimit")));
	}

	private static @Nullable String header(ClassicHttpResponse response, String name) {
		Header header = response.getFirstHeader(name);
		return (header != null) ? header.getValue() : null;
	}

	/** How many requests the service still takes, as it said last; told once. */
	@Nullable RateLimit takeRateLimit() {
		return this.rateLimit.getAndSet(null);
	}

	@Override
	public void close() {
		this.deadlines.shutdownNow();
		this.client.close(CloseMode.GRACEFUL);
	}

	/** What to keep of a response. */
	@FunctionalInterface
	private interface Reading {

		Answer read(ClassicHttpResponse response) throws IOException;

	}

}
