package io.kvpurge.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.StoreDefinition.StoreValue;
import io.kvpurge.filter.ParameterType;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreType;
import io.kvpurge.store.StoreTypes;

/** Reads the section that describes a store. */
final class StoreSection {

	/** A URL's user info with a password, or a parameter that is one. */
	private static final Pattern PASSWORD_WITHIN = Pattern
		.compile("(?i)//[^/@?;]*:[^/@?;]*@|[?&;][^=?&;]*(?:password|passwd|secret|token)[^=?&;]*=");

	private static final int MOST = 1_000_000;

	private final StoreTypes types = StoreTypes.load();

	private final Problems problems;

	StoreSection(Problems problems) {
		this.problems = problems;
	}

	/** The store, null if something was reported that leaves none. */
	@Nullable StoreDefinition read(YamlSection section) {
		if (!section.require("type", ": one of " + Problems.listed(this.types.byName().keySet()))) {
			return null;
		}
		YamlText name = section.text("type");
		StoreType type = (name != null) ? type(name) : null;
		if (type == null) {
			return null;
		}
		List<String> known = new ArrayList<>(List.of("type"));
		type.options().forEach((option) -> known.add(option.name()));
		section.refuseUnknown(known, Set.of());
		Map<String, StoreValue> values = new LinkedHashMap<>();
		for (StoreOption option : type.options()) {
			StoreValue value = value(section, option);
			if (value != null) {
				values.put(option.name(), value);
			}
		}
		return new StoreDefinition(type, values, this.problems);
	}

	private @Nullable StoreType type(YamlText name) {
		StoreType type = this.types.find(name.value());
		if (type == null) {
			this.problems.addUnknown(name.line(), "store type", name.value(), this.types.byName().keySet());
		}
		return type;
	}

	private @Nullable StoreValue value(YamlSection section, StoreOption option) {
		if (!section.has(option.name())) {
			if (option.required()) {
				section.require(option.name(), "");
			}
			return null;
		}
		if (option.kind() == StoreOption.Kind.NUMBER) {
			return new StoreValue(option, List.of(String.valueOf(section.number(option.name(), 1, MOST, 1))),
					section.line(option.name()));
		}
		if (option.kind() == StoreOption.Kind.DURATION) {
			return duration(section, option);
		}
		if (option.kind() == StoreOption.Kind.FLAG) {
			return new StoreValue(option, List.of(String.valueOf(section.flag(option.name(), false))),
					section.line(option.name()));
		}
		List<YamlText> texts = (option.kind() == StoreOption.Kind.LIST) ? section.texts(option.name())
				: one(section.text(option.name()));
		if (texts == null) {
			return null;
		}
		texts.forEach((text) -> check(section, option, text));
		return new StoreValue(option, texts.stream().map(YamlText::value).toList(), section.line(option.name()));
	}

	private @Nullable StoreValue duration(YamlSection section, StoreOption option) {
		YamlText text = section.text(option.name());
		if (text == null) {
			return null;
		}
		try {
			Duration duration = ParameterType.duration(text.value());
			if (!duration.isZero() && !duration.isNegative()) {
				return new StoreValue(option, List.of(duration.toString()), text.line());
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// told below
		}
		this.problems.add(text.line(), "'" + section.named(option.name()) + "' is '" + text.value()
				+ "': expected a duration, such as 20ms or 5s");
		return null;
	}

	private static @Nullable List<YamlText> one(@Nullable YamlText text) {
		return (text != null) ? List.of(text) : null;
	}

	private void check(YamlSection section, StoreOption option, YamlText text) {
		String rest = StoreDefinition.PLACEHOLDER.matcher(text.value()).replaceAll("");
		if (text.value().isEmpty()) {
			this.problems.add(text.line(), "'" + section.named(option.name()) + "' is empty");
		}
		else if (rest.contains("${")) {
			this.problems.add(text.line(),
					"'" + section.named(option.name()) + "' has a placeholder that cannot be read: expected ${NAME}");
		}
		else if (option.secret() && !StoreDefinition.PLACEHOLDER.matcher(text.value()).matches()) {
			this.problems.add(text.line(), "'" + section.named(option.name())
					+ "' is a secret: only ${NAME}, a variable of the environment, may stand here");
		}
		else if (!option.secret() && PASSWORD_WITHIN.matcher(text.value()).find()) {
			// The definition's text is written into the ledger.
			this.problems.add(text.line(), "'" + section.named(option.name())
					+ "' has a password in it: give it under 'password', as ${NAME}");
		}
	}

}
