package io.kvpurge.filter;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import org.jspecify.annotations.Nullable;

/** The types that a definition's parameters may have. */
public enum ParameterType {

	/** Text. */
	STRING(SimpleType.STRING, "a text") {

		@Override
		Object parse(String text) {
			return text;
		}

	},

	/** A whole number of 64 bits. */
	INT(SimpleType.INT, "a whole number") {

		@Override
		Object parse(String text) {
			return Long.valueOf(text);
		}

	},

	/** A length of time, such as {@code 30d}, {@code 12h}, {@code 1h30m} or ISO 8601. */
	DURATION(SimpleType.DURATION, "a duration such as 30d, 12h or PT1H") {

		@Override
		Object parse(String text) {
			return duration(text);
		}

	},

	/** An instant in ISO 8601. */
	TIMESTAMP(SimpleType.TIMESTAMP, "a time such as 2026-01-31T00:00:00Z") {

		@Override
		Object parse(String text) {
			return Instant.parse(text);
		}

	},

	/** Several texts. */
	LIST(ListType.create(SimpleType.STRING), "one or more texts") {

		@Override
		Object parse(String text) {
			return List.of(text);
		}

	};

	private static final Pattern DURATION_TEXT = Pattern
		.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

	private final CelType celType;

	private final String expected;

	ParameterType(CelType celType, String expected) {
		this.celType = celType;
		this.expected = expected;
	}

	/** The type of this name, as spelt in a definition; null if there is none. */
	public static @Nullable ParameterType of(String name) {
		for (ParameterType type : values()) {
			if (type.toString().equals(name)) {
				return type;
			}
		}
		return null;
	}

	abstract Object parse(String text);

	/**
	 * The value of what was given.
	 * @param texts one text, or several for a {@link #LIST}
	 * @throws IllegalArgumentException with what was expected, if this is no such value
	 * or empty
	 */
	public Object value(List<String> texts) {
		if (texts.isEmpty() || texts.stream().anyMatch(String::isEmpty)) {
			throw new IllegalArgumentException("is empty: expected " + this.expected);
		}
		if (this == LIST) {
			return List.copyOf(texts);
		}
		if (texts.size() > 1) {
			throw new IllegalArgumentException("is given " + texts.size() + " times: expected " + this.expected);
		}
		try {
			return parse(texts.get(0));
		}
		catch (DateTimeParseException | ArithmeticException | IllegalArgumentException ex) {
			throw new IllegalArgumentException("is '" + texts.get(0) + "': expected " + this.expected, ex);
		}
	}

	CelType celType() {
		return this.celType;
	}

	/** As spelt in a definition. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Parses a duration such as {@code 30d} or {@code 1h30m}, or ISO 8601.
	 * @throws IllegalArgumentException if it is none
	 */
	public static Duration duration(String text) {
		Matcher parts = DURATION_TEXT.matcher(text);
		if (text.isEmpty() || !parts.matches()) {
			try {
				return Duration.parse(text);
			}
			catch (DateTimeParseException ex) {
				throw new IllegalArgumentException("'" + text + "' is no duration", ex);
			}
		}
		return Duration.ofDays(number(parts.group(1)))
			.plusHours(number(parts.group(2)))
			.plusMinutes(number(parts.group(3)))
			.plusSeconds(number(parts.group(4)))
			.plusMillis(number(parts.group(5)));
	}

	private static long number(@Nullable String digits) {
		return (digits != null) ? Long.parseLong(digits) : 0;
	}

}
