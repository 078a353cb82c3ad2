package io.kvpurge.ledger;

/**
 * The Nth run of a definition, written {@code NAME.N}.
 *
 * @param definition the definition's name
 * @param number counted from 1
 */
public record RunId(String definition, int number) {

	/**
	 * The inverse of {@link #toString()}.
	 * @throws IllegalArgumentException if the text is no {@code NAME.N}
	 */
	public static RunId parse(String text) {
		int dot = text.lastIndexOf('.');
		if (dot < 1 || !text.substring(dot + 1).matches("[1-9][0-9]{0,8}")) {
			throw new IllegalArgumentException("'" + text + "' is no run: expected NAME.N, such as product-cache.7");
		}
		return new RunId(text.substring(0, dot), Integer.parseInt(text.substring(dot + 1)));
	}

	@Override
	public String toString() {
		return this.definition + "." + this.number;
	}

}
