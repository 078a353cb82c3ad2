package io.kvpurge.store.cloudflare;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

import io.kvpurge.store.Unreadable;

/**
 * Reads JSON into the values that {@link io.kvpurge.store.Metadata} is made of, in one
 * pass. It has no limits of its own, since one odd entry must not spoil a page: metadata
 * of 1,024 bytes may be 512 arrays within one another, or a number of 1,024 digits.
 */
final class Json {

	private static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(2_000)
			.maxNumberLength(10_000)
			.maxStringLength(Integer.MAX_VALUE)
			.maxNameLength(1_000_000)
			.build())
		// Names of keys are names of fields in some answers: anybody's choice.
		.disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
		.disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
		.build();

	private Json() {
	}

	static JsonParser parser(byte[] json) {
		return FACTORY.createParser(ObjectReadContext.empty(), json);
	}

	/**
	 * The value that begins at the current token; its last token is the current one then.
	 * @param exact whether decimals that no double can hold are kept as such; else a
	 * double is near enough
	 */
	static @Nullable Object value(JsonParser parser, boolean exact) {
		return switch (parser.currentToken()) {
			case START_OBJECT -> object(parser, exact);
			case START_ARRAY -> array(parser, exact);
			case VALUE_STRING -> parser.getString();
			case VALUE_NUMBER_INT -> integer(parser);
			case VALUE_NUMBER_FLOAT -> decimal(parser, exact);
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			case VALUE_NULL -> null;
			default -> throw new StreamReadException(parser, "no value");
		};
	}

	private static Map<String, @Nullable Object> object(JsonParser parser, boolean exact) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = parser.currentName();
			parser.nextToken();
			fields.put(name, value(parser, exact));
		}
		return fields;
	}

	private static List<@Nullable Object> array(JsonParser parser, boolean exact) {
		List<@Nullable Object> elements = new ArrayList<>();
		while (parser.nextToken() != JsonToken.END_ARRAY) {
			elements.add(value(parser, exact));
		}
		return elements;
	}

	private static Object integer(JsonParser parser) {
		return (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) ? parser.getBigIntegerValue()
				: (Object) parser.getLongValue();
	}

	/** A number that is too large for a double may not be taken for another. */
	private static Object decimal(JsonParser parser, boolean exact) {
		double number = parser.getDoubleValue();
		if (!exact) {
			return Double.isFinite(number) ? (Object) number : Unreadable.VALUE;
		}
		BigDecimal decimal;
		try {
			decimal = new BigDecimal(parser.getString());
		}
		catch (NumberFormatException ex) {
			return Unreadable.VALUE; // its exponent is beyond an int
		}
		boolean same = Double.isFinite(number) && new BigDecimal(Double.toString(number)).compareTo(decimal) == 0;
		return same ? (Object) number : decimal;
	}

	/**
	 * When an entry expires, as the service writes it: seconds since 1970.
	 * @throws IllegalArgumentException if it is no such number
	 */
	static @Nullable Instant expiration(@Nullable Object seconds) {
		if (seconds == null) {
			return null;
		}
		try {
			if (seconds instanceof Double || seconds instanceof BigDecimal) {
				// By way of a double: 1e999999999 would fill the memory as an integer.
				double number = ((Number) seconds).doubleValue();
				return Instant.ofEpochSecond(new BigDecimal(number).toBigInteger().longValueExact());
			}
			if (seconds instanceof Number number) {
				return Instant.ofEpochSecond(new BigInteger(number.toString()).longValueExact());
			}
		}
		catch (DateTimeException | ArithmeticException | NumberFormatException ex) {
			throw new IllegalArgumentException("an expiration that is no time", ex);
		}
		throw new IllegalArgumentException("an expiration that is no number");
	}

}
