package io.kvpurge.definition;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/** Reads who is told how runs end; what is read later wins, field by field. */
final class NoticesReader {

	private static final List<String> METRICS = List.of("textfile-directory", "otlp-url");

	private static final List<String> WEBHOOK = List.of("url", "on", "stalled-after");

	private static final List<String> EVENTS = Arrays.stream(RunEvent.values()).map(RunEvent::word).toList();

	private final UnaryOperator<@Nullable String> environment;

	private Notices notices = Notices.NONE;

	/**
	 * @param environment gives the value of a variable, null if it is not set
	 */
	NoticesReader(UnaryOperator<@Nullable String> environment) {
		this.environment = environment;
	}

	Notices notices() {
		return this.notices;
	}

	/** Reads the sections of a file. */
	void read(YamlSection root, Problems problems) {
		read(root.section("metrics"), METRICS, problems);
		read(root.section("webhook"), WEBHOOK, problems);
	}

	private void read(@Nullable YamlSection section, List<String> fields, Problems problems) {
		if (section == null) {
			return;
		}
		section.refuseUnknown(fields, Set.of());
		for (String field : fields) {
			List<YamlText> texts = field.equals("on") ? section.list(field) : one(section.text(field));
			if (texts != null) {
				set(section.named(field), texts.stream().map(YamlText::value).toList(), section.line(field), problems);
			}
		}
	}

	private static @Nullable List<YamlText> one(@Nullable YamlText text) {
		return (text != null) ? List.of(text) : null;
	}

	/**
	 * Reads the environment. A variable that is empty takes back what a file says.
	 * @throws DefinitionException if something in it means nothing
	 */
	void readEnvironment() {
		readEnvironment("metrics", METRICS);
		readEnvironment("webhook", WEBHOOK);
	}

	private void readEnvironment(String section, List<String> fields) {
		for (String field : fields) {
			String name = section + "." + field;
			String variable = SettingsReader.variable(name);
			String text = this.environment.apply(variable);
			if (text != null) {
				Problems problems = new Problems("environment variable " + variable);
				set(name, Arrays.stream(text.split(",")).map(String::strip).toList(), 0, problems);
				problems.throwIfAny();
			}
		}
	}

	private void set(String name, List<String> texts, int line, Problems problems) {
		String text = String.join(",", texts);
		this.notices = switch (name) {
			case "metrics.textfile-directory" -> this.notices.withTextfileDirectory(path(name, text, line, problems));
			case "metrics.otlp-url" -> this.notices.withOtlpUrl(address(name, text, line, problems));
			case "webhook.url" -> this.notices.withWebhookUrl(address(name, text, line, problems));
			case "webhook.on" -> this.notices.withWebhookOn(events(texts, line, problems));
			default -> stalledAfter(problems.duration(line, name, text, false, "15m or 2h"));
		};
	}

	private Notices stalledAfter(@Nullable Duration duration) {
		return (duration != null) ? this.notices.withStalledAfter(duration) : this.notices;
	}

	private static @Nullable Path path(String name, String text, int line, Problems problems) {
		try {
			return text.isEmpty() ? null : Path.of(text).toAbsolutePath();
		}
		catch (InvalidPathException ex) {
			problems.add(line, name + " is no path: " + ex.getReason());
			return null;
		}
	}

	/** What was given is not repeated: it may be a secret. */
	private @Nullable URI address(String name, String text, int line, Problems problems) {
		String given = text;
		if (StoreDefinition.PLACEHOLDER.matcher(text).matches()) {
			String variable = text.substring(2, text.length() - 1);
			given = this.environment.apply(variable);
			if (given == null) {
				problems.add(line, name + " is in the environment variable " + variable + ", which is not set");
				return null;
			}
		}
		if (given.isEmpty()) {
			return null;
		}
		try {
			URI address = new URI(given);
			if (address.getHost() != null && String.valueOf(address.getScheme()).matches("(?i)https?")
					&& address.getPort() != 0 && address.getPort() <= 65535) {
				if (address.getRawUserInfo() != null) {
					// Neither of the two would send it.
					problems.add(line, name + " has a user in it: give a token or header in the environment instead");
				}
				return address;
			}
		}
		catch (URISyntaxException ex) {
			// Reported below; its message repeats the address.
		}
		problems.add(line, name + " is no address: expected http://HOST/... or https://HOST/...");
		return null;
	}

	private static Set<RunEvent> events(List<String> words, int line, Problems problems) {
		Set<RunEvent> events = EnumSet.noneOf(RunEvent.class);
		for (String word : words) {
			if (EVENTS.contains(word)) {
				events.add(RunEvent.valueOf(word.toUpperCase(Locale.ROOT)));
			}
			else {
				problems.addUnknown(line, "event", word, EVENTS);
			}
		}
		return events;
	}

}
