package io.kvpurge.store.cloudflare;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.RateLimit;

/**
 * Reads {@code Ratelimit: "default";r=50;t=30}: requests left, and seconds until more.
 */
final class RateLimitHeader {

	private static final Pattern REMAINING = Pattern.compile(";\\s*r\\s*=\\s*(\\d{1,15})");

	private static final Pattern RESET = Pattern.compile(";\\s*t\\s*=\\s*(\\d{1,9})");

	private RateLimitHeader() {
	}

	/** The tightest of the limits that the header names, null if it names none. */
	static @Nullable RateLimit parse(@Nullable String header) {
		RateLimit tightest = null;
		for (String item : (header != null) ? header.split(",") : new String[0]) {
			Matcher remaining = REMAINING.matcher(item);
			Matcher reset = RESET.matcher(item);
			if (remaining.find()) {
				RateLimit limit = new RateLimit(Long.parseLong(remaining.group(1)),
						Duration.ofSeconds(reset.find() ? Long.parseLong(reset.group(1)) : 0));
				tightest = (tightest == null || limit.remaining() < tightest.remaining()) ? limit : tightest;
			}
		}
		return tightest;
	}

}
