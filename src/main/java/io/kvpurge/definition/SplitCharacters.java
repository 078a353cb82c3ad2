package io.kvpurge.definition;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What may follow a prefix: each code point of a text begins a range of its own, so that
 * ranges can be listed side by side.
 */
record SplitCharacters(String characters) {

	/** Each range is a row of the ledger, and at least one call. */
	static final int MOST_RANGES = 10_000;

	/** What is wrong with such a text, null if nothing is. */
	static @Nullable String problem(String text, int prefixes) {
		if (text.isEmpty()) {
			return "is empty: write each character that may follow a prefix";
		}
		int dash = text.indexOf('-', 1);
		if (dash > 0 && dash < text.length() - 1) {
			return "is '" + text + "', which is no range: write each character out; '-' itself goes first or last";
		}
		Set<Integer> seen = new HashSet<>();
		for (int point : text.codePoints().toArray()) {
			if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
				return "holds an unpaired surrogate";
			}
			if (!seen.add(point)) {
				return "has '" + Character.toString(point) + "' twice";
			}
		}
		long ranges = (long) prefixes * seen.size();
		return (ranges > MOST_RANGES)
				? "makes %,d ranges of %,d prefixes: at most %,d are allowed".formatted(ranges, prefixes, MOST_RANGES)
				: null;
	}

	/** The prefixes that this one is divided into. */
	List<String> after(String prefix) {
		return this.characters.codePoints().mapToObj((point) -> prefix + Character.toString(point)).toList();
	}

}
