package io.kvpurge.definition;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.YamlSection.YamlText;
import io.kvpurge.filter.ParameterType;

/** Reads settings from files and variables; the later ones win. */
public final class SettingsReader {

	private static final String MAX_AGE_VARIABLE = "KVPURGE_MAX_AGE";

	private final UnaryOperator<@Nullable String> environment;

	/**
	 * @param environment gives the value of a variable, null if it is not set
	 */
	public SettingsReader(UnaryOperator<@Nullable String> environment) {
		this.environment = environment;
	}

	/**
	 * The settings of these files, of which any may be missing, and of the environment.
	 * @throws DefinitionException with everything that is wrong with one of them
	 */
	public Settings read(List<Path> files) {
		Settings settings = Settings.DEFAULT;
		for (Path file : files) {
			if (Files.exists(file)) {
				settings = read(file, settings);
			}
		}
		String maxAge = this.environment.apply(MAX_AGE_VARIABLE);
		if (maxAge != null) {
			Problems problems = new Problems("environment variable " + MAX_AGE_VARIABLE);
			settings = new Settings(duration(maxAge, 0, problems, settings.maxAge()), settings.stores());
			problems.throwIfAny();
		}
		return settings;
	}

	private static Settings read(Path file, Settings before) {
		Problems problems = new Problems(file.toString());
		YamlSection root = YamlSection.parse(TextFile.read(file), problems);
		root.refuseUnknown(List.of("max-age", "stores"), Set.of("protect"));
		YamlText maxAge = root.text("max-age");
		Duration duration = (maxAge != null) ? duration(maxAge.value(), maxAge.line(), problems, before.maxAge())
				: before.maxAge();
		Map<String, StoreDefinition> stores = new LinkedHashMap<>(before.stores());
		YamlSection named = root.section("stores");
		if (named != null) {
			for (String name : named.names()) {
				YamlSection section = named.section(name);
				StoreDefinition store = (section != null) ? new StoreSection(problems).read(section) : null;
				if (store != null) {
					stores.put(name, store);
				}
			}
		}
		problems.throwIfAny();
		return new Settings(duration, stores);
	}

	private static Duration duration(String text, int line, Problems problems, Duration fallback) {
		try {
			Duration duration = ParameterType.duration(text);
			if (!duration.isNegative() && !duration.isZero()) {
				return duration;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// Reported below, in the same words.
		}
		problems.add(line, "max-age is '" + text + "': expected a duration such as 30s or 5m");
		return fallback;
	}

}
