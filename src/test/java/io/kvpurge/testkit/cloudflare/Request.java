package io.kvpurge.testkit.cloudflare;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A request that was let in.
 *
 * @param number counts all requests from 1
 * @param key null where the path has none
 * @param now UNIX milliseconds
 * @param fault what goes wrong with it, null if nothing
 */
record Request(long number, Call call, Namespace namespace, @Nullable String key, Map<String, String> query,
		String contentType, byte[] body, long now, @Nullable Fault fault) {

	/** Which share of what it asks for is done, from 0 to 1. */
	double share() {
		return (this.fault != null) ? this.fault.done() : 1;
	}

	boolean ends(Fault.Ending ending) {
		return this.fault != null && this.fault.ending() == ending;
	}

	byte[] keyBytes() {
		return KeyNames.bytes((this.key != null) ? this.key : "");
	}

	int number(String field, int otherwise, int least, int most) {
		return number(this.query, field, otherwise, least, most);
	}

	static int number(Map<String, String> query, String field, int otherwise, int least, int most) {
		String text = query.get(field);
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
