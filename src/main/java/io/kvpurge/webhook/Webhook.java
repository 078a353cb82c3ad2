package io.kvpurge.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.springframework.retry.support.RetryTemplate;

/**
 * An address that is told how runs end. Neither the address nor a secret is in any
 * message: both may let their reader in.
 */
public final class Webhook {

	private static final int ATTEMPTS = 4;

	private final URI address;

	private final @Nullable String token;

	private final @Nullable WebhookSignature signature;

	private final Patience patience;

	private final Clock clock;

	/**
	 * @param address what is called
	 * @param token shows who calls, null for nobody
	 * @param secret signs what is sent, null for no signature
	 * @throws IllegalArgumentException if token or secret cannot be used; its message
	 * says which, and not what it is
	 */
	public Webhook(URI address, @Nullable String token, @Nullable String secret, Clock clock) {
		this(address, token, secret, Patience.USUAL, clock);
	}

	Webhook(URI address, @Nullable String token, @Nullable String secret, Patience patience, Clock clock) {
		if (token != null && !token.matches("[\\x21-\\x7E]+")) {
			throw new IllegalArgumentException("the token has a character that no header may have");
		}
		this.address = address;
		this.token = token;
		this.signature = (secret != null) ? new WebhookSignature(secret) : null;
		this.patience = patience;
		this.clock = clock;
	}

	/**
	 * Posts a JSON object, up to four times within half a minute; never throws.
	 * @param event what happened, one word
	 * @return one line if nobody took it
	 */
	public Optional<String> send(String event, String json) {
		RetryTemplate retry = RetryTemplate.builder()
			.maxAttempts(ATTEMPTS)
			.exponentialBackoff(this.patience.pause().toMillis(), 2, 8 * this.patience.pause().toMillis())
			.retryOn(IOException.class)
			.build();
		try {
			HttpClient client = HttpClient.newBuilder().connectTimeout(this.patience.answer()).build();
			// The same for each attempt: a receiver may get one twice.
			String id = UUID.randomUUID().toString();
			int status = retry.<Integer, Exception>execute((context) -> post(client, id, event, json));
			return (status < 300) ? Optional.empty() : Optional.of("the webhook answered " + status);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.of("the webhook was not told: interrupted");
		}
		catch (BusyReceiver ex) {
			return Optional.of("the webhook answered " + ex.status + ", " + ATTEMPTS + " times");
		}
		catch (Exception ex) {
			return Optional.of("the webhook cannot be reached: " + ex.getClass().getSimpleName());
		}
	}

	private int post(HttpClient client, String id, String event, String json) throws IOException, InterruptedException {
		// Not by HttpRequest.timeout: that ends with the answer's headers, and a name may
		// be looked up for long.
		CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request(id, event, json),
				BodyHandlers.discarding());
		try {
			int status = answer.get(this.patience.answer().toMillis(), TimeUnit.MILLISECONDS).statusCode();
			if (status >= 500 || status == 429 || status == 408) {
				throw new BusyReceiver(status);
			}
			return status;
		}
		catch (TimeoutException ex) {
			answer.cancel(true);
			throw new NoAnswer();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof IOException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

	private HttpRequest request(String id, String event, String json) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.address)
			.header("Content-Type", "application/json")
			.header("User-Agent", "kvpurge")
			.header("X-Kvpurge-Event", event)
			.header("webhook-id", id)
			.POST(BodyPublishers.ofString(json));
		if (this.token != null) {
			request.header("Authorization", "Bearer " + this.token);
		}
		String time = Long.toString(this.clock.instant().getEpochSecond());
		request.header("webhook-timestamp", time);
		if (this.signature != null) {
			request.header("webhook-signature", this.signature.of(id, time, json));
		}
		return request.build();
	}

	/**
	 * How long it is waited.
	 *
	 * @param answer for an answer
	 * @param pause before the second attempt; twice as long before each further one
	 */
	record Patience(Duration answer, Duration pause) {

		/** Four answers and three pauses are less than half a minute. */
		static final Patience USUAL = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(1));

	}

	/** The receiver may take it later. */
	private static final class BusyReceiver extends IOException {

		private final int status;

		private BusyReceiver(int status) {
			super("answered " + status);
			this.status = status;
		}

	}

	/** The receiver is silent. Its name stands in what people are told. */
	private static final class NoAnswer extends IOException {

	}

}
