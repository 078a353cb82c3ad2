package io.kvpurge.definition;

import io.kvpurge.store.jsonl.JsonValues;

/**
 * Texts and lists of texts in quotes, spelt so that JSON, YAML and CEL read the same.
 */
final class QuotedText {

	private QuotedText() {
	}

	/** JSON in which nothing is left that YAML would fold or refuse. */
	static String of(Object value) {
		StringBuilder quoted = new StringBuilder();
		for (char character : JsonValues.text(value).toCharArray()) {
			if (isPlain(character)) {
				quoted.append(character);
			}
			else {
				quoted.append(String.format("\\u%04x", (int) character));
			}
		}
		return quoted.toString();
	}

	private static boolean isPlain(char character) {
		boolean control = character < ' ' || (character >= 0x7f && character < 0xa0);
		boolean lineBreak = character == 0x2028 || character == 0x2029;
		return !control && !lineBreak && character != 0xfeff && character < 0xfffe;
	}

}
