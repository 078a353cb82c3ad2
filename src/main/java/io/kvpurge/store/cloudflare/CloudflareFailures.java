package io.kvpurge.store.cloudflare;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.QuotaExhaustedException;
import io.kvpurge.store.RateLimit;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/** Tells what a failed call means. */
final class CloudflareFailures {

	/** The code of a key that is not there, which is no failure for whoever looks. */
	static final long KEY_NOT_FOUND = 10009;

	private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(10);

	private static final int LONGEST_MESSAGE = 300;

	private static final String BAD_TOKEN = "the API token is not accepted: it is wrong, revoked or expired, or is for another account";

	private static final String NO_NAMESPACE = "there is no such namespace in this account; check 'account-id' and 'namespace-id' or 'namespace'";

	private static final String NO_ACCOUNT = "there is no such account, or no such address; check 'account-id' and 'base-url'";

	private static final String THROTTLED = "too many requests";

	private static final String TOO_LARGE = "that is too much for one call";

	private static final Map<Long, Meaning> CODES = Map.ofEntries(code(10000, Kind.DENIED, BAD_TOKEN),
			code(6003, Kind.DENIED, BAD_TOKEN), code(9109, Kind.DENIED, BAD_TOKEN),
			code(10037, Kind.DENIED,
					"the API token may not do this; give it the permission 'Workers KV Storage' for this account, 'Edit' where keys are deleted"),
			code(7000, Kind.INVALID, NO_ACCOUNT), code(7003, Kind.INVALID, NO_ACCOUNT),
			code(10011, Kind.INVALID, NO_NAMESPACE), code(10013, Kind.INVALID, NO_NAMESPACE),
			code(10022, Kind.THROTTLED, THROTTLED), code(971, Kind.THROTTLED, THROTTLED),
			code(10046, Kind.BUSY, "too many bulk calls are under way in this namespace"),
			code(10048, Kind.QUOTA,
					"the daily limit of the free plan is used up; launch again after 00:00 UTC, or change the plan"),
			code(10041, Kind.CURSOR, "the cursor is not known any more"),
			code(10012, Kind.TOO_LARGE, "these are too many keys for one call, or something that is no key"),
			code(10024, Kind.TOO_LARGE, TOO_LARGE), code(10001, Kind.UNAVAILABLE, "the service is not available"),
			code(KEY_NOT_FOUND, Kind.REFUSED, "there is no such key"),
			code(10028, Kind.REFUSED, "a limit of the account is reached"),
			code(10029, Kind.REFUSED, "the service calls the request invalid"),
			code(10030, Kind.REFUSED, "a key is longer than 512 bytes"),
			code(10042, Kind.REFUSED, "a key has a name that the service does not allow"));

	private CloudflareFailures() {
	}

	private static Map.Entry<Long, Meaning> code(long code, Kind kind, String words) {
		return Map.entry(code, new Meaning(kind, words));
	}

	/** What a failed answer to a call means. */
	static Failure judge(String what, Answer answer) {
		return judge(what, answer, Envelope.parse(answer.body()));
	}

	/** As {@link #judge(String, Answer)}, of an answer whose envelope is known. */
	static Failure judge(String what, Answer answer, @Nullable Envelope envelope) {
		List<ApiError> errors = (envelope != null) ? envelope.errors() : List.of();
		Meaning meaning = ofCodes(errors, answer.status());
		if (meaning == null) {
			meaning = ofStatus(answer.status(), envelope != null);
		}
		String message = what + ": " + meaning.words() + details(answer.status(), errors);
		return switch (meaning.kind()) {
			case THROTTLED -> new Failure(new TransientStoreException(message, null, pause(answer)), true, true);
			case BUSY -> new Failure(new TransientStoreException(message, null, retryAfter(answer)), true, true);
			case UNAVAILABLE ->
				new Failure(new TransientStoreException(message, null, retryAfter(answer)), false, false);
			case QUOTA -> new Failure(new QuotaExhaustedException(message), true, true);
			case DENIED -> new Failure(new StoreException(message), true, true);
			case INVALID -> new Failure(new InvalidStoreException(message), true, true);
			case CURSOR -> new Failure(new CursorRefusedException(message), true, false);
			case TOO_LARGE -> new Failure(new BatchTooLargeException(message), true, false);
			case REFUSED -> new Failure(new StoreException(message), true, false);
		};
	}

	/**
	 * What it means that there was no answer. A connection that never came about carried
	 * no request; after anything else it may have been obeyed.
	 */
	static Failure judge(String what, IOException ex) {
		boolean notSent = ex instanceof ConnectException || ex instanceof UnknownHostException
				|| ex instanceof NoRouteToHostException || ex instanceof ConnectTimeoutException
				|| ex instanceof ConnectionRequestTimeoutException || ex instanceof SSLHandshakeException
				|| ex instanceof SSLPeerUnverifiedException;
		String reason = (ex instanceof UnknownHostException) ? "the name of the host is not known: " : "";
		String message = (ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getSimpleName();
		return new Failure(new TransientStoreException(what + ": no answer: " + reason + line(message), ex, null),
				notSent, notSent);
	}

	/** What it means that an answer claims success and is none that the service gives. */
	static TransientStoreException garbage(String what, Answer answer) {
		return new TransientStoreException(
				what + ": the answer makes no sense or is not whole (HTTP " + answer.status() + ")", null, null);
	}

	/**
	 * A server that is in trouble may say anything: only that it did nothing is heard.
	 */
	private static @Nullable Meaning ofCodes(List<ApiError> errors, int status) {
		Meaning first = null;
		for (ApiError error : errors) {
			Meaning meaning = CODES.get(error.code());
			if (meaning != null && meaning.kind().isSaidBeforeAnything()) {
				return meaning;
			}
			first = (first == null) ? meaning : first;
		}
		return (status >= 500 || status == 429 || status == 408) ? null : first;
	}

	private static Meaning ofStatus(int status, boolean envelope) {
		return switch (status) {
			case 401, 403 -> new Meaning(Kind.DENIED,
					(status == 401) ? BAD_TOKEN : "the API token may not do this; check its permissions");
			case 404 -> new Meaning(Kind.INVALID, NO_NAMESPACE);
			case 413 -> new Meaning(Kind.TOO_LARGE, TOO_LARGE);
			case 429 -> new Meaning(Kind.THROTTLED, THROTTLED);
			case 408, 425, 524 -> new Meaning(Kind.UNAVAILABLE, "the service took too long");
			default -> {
				if (status / 100 == 3) {
					yield new Meaning(Kind.REFUSED, "the service points elsewhere; check 'base-url'");
				}
				if (status / 100 == 4) {
					yield new Meaning(Kind.REFUSED, "the service refuses");
				}
				yield new Meaning(Kind.UNAVAILABLE, (status >= 500) ? "the service failed"
						: envelope ? "the service did not say that it is done" : "the answer makes no sense");
			}
		};
	}

	private static String details(int status, List<ApiError> errors) {
		StringBuilder details = new StringBuilder(" (");
		errors.stream()
			.limit(3)
			.forEach((error) -> details.append("code ")
				.append(error.code())
				.append(error.message().isBlank() ? "" : ": ")
				.append(line(error.message()))
				.append(", "));
		return details.append("HTTP ").append(status).append(')').toString();
	}

	private static Duration pause(Answer answer) {
		Duration asked = retryAfter(answer);
		if (asked != null) {
			return asked;
		}
		RateLimit limit = answer.headers().rateLimit();
		// With requests left, it was another limit, about which the header says nothing.
		return (limit != null && limit.remaining() == 0) ? limit.reset() : DEFAULT_PAUSE;
	}

	/** In seconds, or as a date, which is compared with the time at the service. */
	private static @Nullable Duration retryAfter(Answer answer) {
		String text = answer.headers().retryAfter();
		if (text == null) {
			return null;
		}
		if (text.strip().matches("\\d{1,9}")) {
			return Duration.ofSeconds(Long.parseLong(text.strip()));
		}
		Instant then = time(text);
		Instant now = time(answer.headers().date());
		return (then == null || now == null || then.isBefore(now)) ? null : Duration.between(now, then);
	}

	private static @Nullable Instant time(@Nullable String header) {
		try {
			return (header != null) ? Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip())) : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Cut between words: half of a token would not be known as one, and not be masked.
	 */
	private static String line(String text) {
		String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
		return (line.length() > LONGEST_MESSAGE)
				? line.substring(0, Math.max(0, line.lastIndexOf(' ', LONGEST_MESSAGE))) + "..." : line;
	}

	/** What kind of failure it is. */
	private enum Kind {

		THROTTLED, BUSY, UNAVAILABLE, QUOTA, DENIED, INVALID, CURSOR, TOO_LARGE, REFUSED;

		/** Whether it holds with whatever HTTP status it comes. */
		boolean isSaidBeforeAnything() {
			return this == THROTTLED || this == BUSY || this == QUOTA;
		}

	}

	private record Meaning(Kind kind, String words) {

	}

	/**
	 * What a failed call means.
	 *
	 * @param exception the failure
	 * @param isNotDone whether the service certainly did nothing
	 * @param isReason whether this is why keys were left, where it did something
	 */
	record Failure(StoreException exception, boolean isNotDone, boolean isReason) {

	}

}
