package io.kvpurge.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The values of a store's options, resolved from the environment. Its text names the
 * options only, since values may be secret.
 */
public final class StoreOptions {

	/** How long a store may take to answer where nothing else is said. */
	public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private final Map<String, List<String>> values;

	private final Duration requestTimeout;

	private final EntryFields fields;

	public StoreOptions(Map<String, List<String>> values) {
		this(values, REQUEST_TIMEOUT);
	}

	public StoreOptions(Map<String, List<String>> values, Duration requestTimeout) {
		this(values, requestTimeout, EntryFields.ALL);
	}

	/**
	 * @param fields what will be asked of entries
	 */
	public StoreOptions(Map<String, List<String>> values, Duration requestTimeout, EntryFields fields) {
		this.values = Map.copyOf(values);
		this.requestTimeout = requestTimeout;
		this.fields = fields;
	}

	/** What will be asked of entries. */
	public EntryFields fields() {
		return this.fields;
	}

	/** How long the store may take to answer a request. */
	public Duration requestTimeout() {
		return this.requestTimeout;
	}

	/** The value of a required option. */
	public String text(String name) {
		String text = optionalText(name);
		if (text == null) {
			throw new InvalidStoreException("store: '" + name + "' is missing");
		}
		return text;
	}

	public @Nullable String optionalText(String name) {
		List<String> list = list(name);
		return list.isEmpty() ? null : list.get(0);
	}

	/** The values of a list option, empty if it is not given. */
	public List<String> list(String name) {
		return this.values.getOrDefault(name, List.of());
	}

	/** The value of a number option, null if it is not given. */
	public @Nullable Integer number(String name) {
		String text = optionalText(name);
		return (text != null) ? Integer.valueOf(text) : null;
	}

	/** The value of a duration option, null if it is not given. */
	public @Nullable Duration duration(String name) {
		String text = optionalText(name);
		return (text != null) ? Duration.parse(text) : null;
	}

	/** Whether a flag is set. */
	public boolean flag(String name) {
		return "true".equals(optionalText(name));
	}

	@Override
	public String toString() {
		return "StoreOptions" + this.values.keySet();
	}

}
