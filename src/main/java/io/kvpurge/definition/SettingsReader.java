package io.kvpurge.definition;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.store.Key;

/** Reads settings from files and variables; the later ones win. */
public final class SettingsReader {

	private static final List<Span> SPANS = List.of(new Span("max-age", false, Settings::withMaxAge),
			new Span("request-timeout", false, Settings::withRequestTimeout),
			new Span("settle-delay", true, Settings::withSettleDelay));

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
		NoticesReader notices = new NoticesReader(this.environment);
		for (Path file : files) {
			if (Files.exists(file)) {
				settings = read(file, settings, notices);
			}
		}
		for (Span span : SPANS) {
			String text = this.environment.apply(span.variable());
			if (text != null) {
				Problems problems = new Problems("environment variable " + span.variable());
				settings = span.set(settings, text, 0, problems);
				problems.throwIfAny();
			}
		}
		notices.readEnvironment();
		settings = brokerOfEnvironment(settings.withNotices(notices.notices()));
		String protect = this.environment.apply("KVPURGE_PROTECT");
		return (protect != null)
				? settings.withProtected(
						Arrays.stream(protect.split(",")).filter((prefix) -> !prefix.isEmpty()).map(Key::of).toList())
				: settings;
	}

	/** The variable that sets what a file sets under this name. */
	static String variable(String name) {
		return "KVPURGE_" + name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
	}

	private static Settings read(Path file, Settings before, NoticesReader notices) {
		Problems problems = new Problems(file.toString());
		YamlSection root = YamlDocument.parse(TextFile.read(file), problems);
		root.refuseUnknown(List.of("max-age", "request-timeout", "settle-delay", "protect", "stores", "metrics",
				"webhook", "broker"), Set.of());
		notices.read(root, problems);
		Settings settings = before;
		for (Span span : SPANS) {
			YamlText text = root.text(span.field);
			if (text != null) {
				settings = span.set(settings, text.value(), text.line(), problems);
			}
		}
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
		settings = broker(root.section("broker"), settings, problems);
		List<Key> protect = protect(root, problems);
		problems.throwIfAny();
		return settings.withStores(stores).withProtected(protect);
	}

	private static List<Key> protect(YamlSection root, Problems problems) {
		List<YamlText> prefixes = root.has("protect") ? root.list("protect") : null;
		List<Key> protect = new ArrayList<>();
		for (YamlText prefix : (prefixes != null) ? prefixes : List.<YamlText>of()) {
			try {
				protect.add(Key.of(prefix.value()));
			}
			catch (IllegalArgumentException ex) {
				problems.add(prefix.line(), "'protect' cannot be the beginning of a key: " + ex.getMessage());
			}
		}
		return protect;
	}

	/** User and password stand in the environment only. */
	private static Settings broker(@Nullable YamlSection section, Settings settings, Problems problems) {
		if (section == null) {
			return settings;
		}
		section.refuseUnknown(List.of("url"), Set.of());
		YamlText url = section.text("url");
		return (url != null) ? settings.withBroker(broker(url.value(), url.line(), problems)) : settings;
	}

	private static @Nullable BrokerAddress broker(String url, int line, Problems problems) {
		try {
			return BrokerAddress.of(url, null, null);
		}
		catch (IllegalArgumentException ex) {
			problems.add(line, "broker.url: " + ex.getMessage());
			return null;
		}
	}

	/** A variable that is empty takes back what a file says. */
	private Settings brokerOfEnvironment(Settings settings) {
		BrokerAddress broker = settings.broker();
		String url = this.environment.apply(variable("broker.url"));
		if (url != null) {
			Problems problems = new Problems("environment variable " + variable("broker.url"));
			broker = url.isEmpty() ? null : broker(url, 0, problems);
			problems.throwIfAny();
		}
		return settings.withBroker((broker != null) ? broker.as(this.environment.apply(variable("broker.username")),
				this.environment.apply(variable("broker.password"))) : null);
	}

	/**
	 * A setting that is a length of time.
	 *
	 * @param field its name in a file
	 * @param mayBeNothing whether it may be zero
	 * @param setter puts it into settings
	 */
	private record Span(String field, boolean mayBeNothing, BiFunction<Settings, Duration, Settings> setter) {

		private String variable() {
			return SettingsReader.variable(this.field);
		}

		private Settings set(Settings settings, String text, int line, Problems problems) {
			Duration duration = problems.duration(line, this.field, text, this.mayBeNothing, "30s or 5m");
			return (duration != null) ? this.setter.apply(settings, duration) : settings;
		}

	}

}
