package io.kvpurge.testkit.cloudflare;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A request that was let in.
 *
 * @param number counts all requests from 1
 * @param namespace what its path names, null until that is found or if it names none
 * @param now UNIX milliseconds
 * @param fault what goes wrong with it, null if nothing
 */
record Request(long number, Route route, Map<String, String> query, String contentType, byte[] body,
		@Nullable Namespace namespace, long now, @Nullable Fault fault) {

	Request(long number, Route route, Map<String, String> query, String contentType, byte[] body) {
		this(number, route, query, contentType, body, null, 0, null);
	}

	Request in(Namespace found) {
		return new Request(this.number, this.route, this.query, this.contentType, this.body, found, 0, null);
	}

	/** The moment it is done, and how it goes wrong. */
	Request at(long moment, @Nullable Fault wrong) {
		return new Request(this.number, this.route, this.query, this.contentType, this.body, this.namespace, moment,
				wrong);
	}

	Call call() {
		return this.route.call();
	}

	boolean hasCursor() {
		return !this.query.getOrDefault("cursor", "").isEmpty();
	}

	/** Which share of what it asks for is done, from 0 to 1. */
	double share() {
		return (this.fault != null) ? this.fault.done() : 1;
	}

	boolean ends(Fault.Ending ending) {
		return this.fault != null && this.fault.ending() == ending;
	}

	byte[] keyBytes() {
		return KeyNames.bytes(this.route.key());
	}

	int number(String field, int otherwise, int least, int most) {
		String text = this.query.get(field);
		try {
			int value = (text != null) ? Integer.parseInt(text) : otherwise;
			if (value >= least && value <= most) {
				return value;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw ApiError.invalid(field + " must be a number from " + least + " to " + most + ", not " + text);
	}

}
