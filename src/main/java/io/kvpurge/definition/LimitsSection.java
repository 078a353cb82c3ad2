package io.kvpurge.definition;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.ParameterType;
import io.kvpurge.store.RequestRate;

/** Reads the section of limits; those that nobody enforces yet are refused. */
final class LimitsSection {

	static final List<String> FIELDS = List.of("requests", "keys-per-second", "max-deletes", "max-fraction",
			"max-growth", "max-shrink", "window");

	static final int MOST_DELETES = 999_999_999;

	static final int MOST_KEYS = 1_000_000;

	static final String EXPECTED = "expected a number per a duration, such as 960 per 5m";

	private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8}) +per +(\\S+)");

	private final Problems problems;

	LimitsSection(Problems problems) {
		this.problems = problems;
	}

	Limits read(@Nullable YamlSection section) {
		if (section == null) {
			return Limits.NONE;
		}
		section.refuseUnknown(FIELDS, Set.of());
		return new Limits(requests(section), keysPerSecond(section), maxDeletes(section),
				section.decimal("max-fraction", 0, 1), section.decimal("max-growth", 1, 1_000_000),
				section.decimal("max-shrink", 0, 1), window(section));
	}

	private @Nullable RequestRate requests(YamlSection section) {
		YamlText text = section.text("requests");
		if (text == null) {
			return null;
		}
		RequestRate rate = rate(text.value());
		if (rate == null) {
			this.problems.add(text.line(),
					"'" + section.named("requests") + "' is '" + text.value() + "': " + EXPECTED);
		}
		return rate;
	}

	private static @Nullable Integer keysPerSecond(YamlSection section) {
		return section.has("keys-per-second") ? section.number("keys-per-second", 1, MOST_KEYS, 1) : null;
	}

	private static @Nullable Long maxDeletes(YamlSection section) {
		return section.has("max-deletes") ? (long) section.number("max-deletes", 1, LimitsSection.MOST_DELETES, 1)
				: null;
	}

	private @Nullable Window window(YamlSection section) {
		YamlText text = section.text("window");
		if (text == null) {
			return null;
		}
		try {
			return Window.parse(text.value());
		}
		catch (IllegalArgumentException ex) {
			this.problems.add(text.line(), "'" + section.named("window") + "' is '" + text.value()
					+ "': expected two different times and a zone, in quotes, such as \"01:00-06:00 Europe/Berlin\"");
			return null;
		}
	}

	/** The rate that a text means, null if it means none. */
	static @Nullable RequestRate rate(String text) {
		Matcher parts = RATE.matcher(text);
		try {
			return parts.matches()
					? new RequestRate(Long.parseLong(parts.group(1)), ParameterType.duration(parts.group(2))) : null;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			return null;
		}
	}

}
