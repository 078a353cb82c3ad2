package io.kvpurge.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.EntryFields;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.RedactedKeyValueStore;
import io.kvpurge.store.SecretRedactor;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreType;

/**
 * Which store, as a definition describes it; opened only when it is needed. Values from
 * the environment are taken at that moment and kept nowhere.
 */
public final class StoreDefinition {

	/** <code>${NAME}</code> as it stands in a value. */
	static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

	private final StoreType type;

	private final Map<String, StoreValue> values;

	private final Problems places;

	private final EntryFields fields;

	/**
	 * @param type the type
	 * @param values the options that are given, by name
	 * @param places where the definition was read, for messages
	 */
	StoreDefinition(StoreType type, Map<String, StoreValue> values, Problems places) {
		this(type, values, places, EntryFields.ALL);
	}

	private StoreDefinition(StoreType type, Map<String, StoreValue> values, Problems places, EntryFields fields) {
		this.type = type;
		this.values = new LinkedHashMap<>(values);
		this.places = places;
		this.fields = fields;
	}

	/** The same store, of whose entries no more is asked than what rules look at. */
	StoreDefinition askedFor(EntryFields asked) {
		return new StoreDefinition(this.type, this.values, this.places, asked);
	}

	/** The type's name. */
	public String type() {
		return this.type.name();
	}

	/**
	 * What says which store it is: options without secrets, placeholders unresolved.
	 */
	Map<String, List<String>> publicValues() {
		Map<String, List<String>> all = new LinkedHashMap<>();
		this.values.forEach((name, value) -> {
			if (value.option().identifies()) {
				all.put(name, value.texts());
			}
		});
		return all;
	}

	/** The section that describes it, as YAML lines with two spaces before them. */
	String yaml() {
		StringBuilder yaml = new StringBuilder("  type: ").append(QuotedText.of(type())).append('\n');
		this.values.forEach(
				(name, value) -> yaml.append("  ").append(name).append(": ").append(switch (value.option().kind()) {
					case LIST -> QuotedText.of(value.texts());
					case TEXT, DURATION -> QuotedText.of(value.texts().get(0));
					case FLAG, NUMBER -> value.texts().get(0);
				}).append('\n'));
		return yaml.toString();
	}

	/**
	 * Opens the store. No message of it, now or later, has a secret in it.
	 * @param environment gives the value of a variable, null if it is not set
	 * @throws DefinitionException if a variable is not set
	 * @throws StoreException as {@link StoreType#open}
	 */
	public KeyValueStore open(UnaryOperator<@Nullable String> environment) {
		return open(environment, StoreOptions.REQUEST_TIMEOUT);
	}

	/**
	 * As {@link #open(UnaryOperator)}.
	 * @param requestTimeout how long the store may take to answer
	 */
	public KeyValueStore open(UnaryOperator<@Nullable String> environment, Duration requestTimeout) {
		return open(environment, requestTimeout, this.type::open);
	}

	/**
	 * Makes what is missing for entries to be written, then opens the store.
	 * @throws DefinitionException as {@link #open}
	 * @throws StoreException as {@link StoreType#create}
	 */
	public KeyValueStore create(UnaryOperator<@Nullable String> environment) {
		return open(environment, StoreOptions.REQUEST_TIMEOUT, this.type::create);
	}

	private KeyValueStore open(UnaryOperator<@Nullable String> environment, Duration requestTimeout,
			Function<StoreOptions, KeyValueStore> opening) {
		Map<String, List<String>> resolved = new LinkedHashMap<>();
		List<String> secrets = new ArrayList<>();
		List<String> unset = new ArrayList<>();
		this.values.forEach((name, value) -> {
			List<String> texts = value.texts()
				.stream()
				.map((text) -> resolve(text, name, value, environment, unset))
				.toList();
			resolved.put(name, texts);
			if (value.option().secret()) {
				secrets.addAll(texts);
			}
		});
		if (!unset.isEmpty()) {
			throw new DefinitionException(unset);
		}
		SecretRedactor redactor = new SecretRedactor(secrets);
		try {
			return new RedactedKeyValueStore(opening.apply(new StoreOptions(resolved, requestTimeout, this.fields)),
					redactor);
		}
		catch (StoreException ex) {
			throw redactor.redact(ex);
		}
	}

	private String resolve(String text, String name, StoreValue value, UnaryOperator<@Nullable String> environment,
			List<String> unset) {
		return PLACEHOLDER.matcher(text).replaceAll((placeholder) -> {
			String variable = environment.apply(placeholder.group(1));
			if (variable == null) {
				unset.add(this.places.place(value.line()) + ": environment variable " + placeholder.group(1)
						+ " is not set (store." + name + ")");
				return "";
			}
			return Matcher.quoteReplacement(variable);
		});
	}

	/**
	 * An option's value as it was written.
	 *
	 * @param option the option
	 * @param texts one text, or more for a list
	 * @param line where it stands
	 */
	record StoreValue(StoreOption option, List<String> texts, int line) {

		StoreValue {
			texts = List.copyOf(texts);
		}

	}

}
