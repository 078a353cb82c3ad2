package io.kvpurge.store;

/**
 * A field that a definition's {@code store} may have for a {@link StoreType}.
 *
 * @param name as spelt in the definition
 * @param kind what its value looks like
 * @param required whether it must be there
 * @param secret whether its value may come from the environment only
 */
public record StoreOption(String name, Kind kind, boolean required, boolean secret) {

	/** The shape of an option's value. */
	public enum Kind {

		/** One text. */
		TEXT,
		/** A list of texts; a single text stands for a list of one. */
		LIST,
		/** A whole number, at least 1. It says how, and not which store. */
		NUMBER,
		/** A length of time. It says how, and not which store. */
		DURATION,
		/** {@code true} or {@code false}. */
		FLAG

	}

	public static StoreOption required(String name) {
		return new StoreOption(name, Kind.TEXT, true, false);
	}

	public static StoreOption optional(String name) {
		return new StoreOption(name, Kind.TEXT, false, false);
	}

	public static StoreOption optionalList(String name) {
		return new StoreOption(name, Kind.LIST, false, false);
	}

	public static StoreOption number(String name) {
		return new StoreOption(name, Kind.NUMBER, false, false);
	}

	public static StoreOption duration(String name) {
		return new StoreOption(name, Kind.DURATION, false, false);
	}

	public static StoreOption flag(String name) {
		return new StoreOption(name, Kind.FLAG, false, false);
	}

	/** Whether another value is another store, or other keys. */
	public boolean identifies() {
		return !this.secret && this.kind != Kind.NUMBER && this.kind != Kind.DURATION;
	}

	public static StoreOption secret(String name) {
		return new StoreOption(name, Kind.TEXT, false, true);
	}

}
