package io.kvpurge.store.cloudflare;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RateLimit;

/** What the service answered. */
final class Answer {

	private final int status;

	private final byte[] body;

	private final Headers headers;

	/**
	 * @param status the HTTP status
	 * @param body the whole body, unpacked
	 * @param headers those of its headers that mean something here
	 */
	Answer(int status, byte[] body, Headers headers) {
		this.status = status;
		this.body = body;
		this.headers = headers;
	}

	int status() {
		return this.status;
	}

	/** Not a copy: it may be long, and nobody changes it. */
	byte[] body() {
		return this.body;
	}

	Headers headers() {
		return this.headers;
	}

	/** Whether the status is one of success; the body may say otherwise. */
	boolean isOk() {
		return this.status / 100 == 2;
	}

	/**
	 * Headers of an answer, null where it has none.
	 *
	 * @param retryAfter when to come back: seconds, or a date
	 * @param date the time at the service
	 * @param expiration when the value goes, in seconds since 1970
	 * @param rateLimit how many requests the service still takes
	 */
	record Headers(@Nullable String retryAfter, @Nullable String date, @Nullable String expiration,
			@Nullable RateLimit rateLimit) {

	}

}
