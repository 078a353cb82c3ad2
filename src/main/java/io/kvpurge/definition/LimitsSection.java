package io.kvpurge.definition;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.YamlSection.YamlText;
import io.kvpurge.filter.ParameterType;
import io.kvpurge.store.RequestRate;

/** Reads the section of limits; those that nobody enforces yet are refused. */
final class LimitsSection {

	static final List<String> FIELDS = List.of("requests");

	private static final Set<String> LATER_FIELDS = Set.of("max-deletes", "max-fraction", "max-growth", "window");

	static final String EXPECTED = "expected a number per a duration, such as 960 per 5m";

	private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8}) +per +(\\S+)");

	private final Problems problems;

	LimitsSection(Problems problems) {
		this.problems = problems;
	}

	/** How many requests the store may be sent, null for as many as it takes. */
	@Nullable RequestRate requests(@Nullable YamlSection section) {
		if (section == null) {
			return null;
		}
		section.refuseUnknown(FIELDS, LATER_FIELDS);
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
