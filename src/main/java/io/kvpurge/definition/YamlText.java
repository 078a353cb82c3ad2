package io.kvpurge.definition;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A text and where it stands.
 *
 * @param value the text
 * @param line the line of its first character, counted from 1
 * @param commented whether a comment follows on the line of an unquoted text
 * @param joined its lines as they are in the file, null if YAML has not joined any
 */
record YamlText(String value, int line, boolean commented, @Nullable String joined) {

	/**
	 * What a node has.
	 * @param source the lines of the document
	 */
	static YamlText of(ScalarNode scalar, List<String> source) {
		ScalarStyle style = scalar.getScalarStyle();
		boolean commented = style == ScalarStyle.PLAIN && scalar.getInLineComments() != null
				&& !scalar.getInLineComments().isEmpty();
		boolean block = style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
		int at = YamlSection.lineOf(scalar);
		return new YamlText(scalar.getValue(), block ? at + 1 : at, commented, joined(scalar, source));
	}

	/** The lines of a text that YAML makes one line of, null if there is but one. */
	private static @Nullable String joined(ScalarNode scalar, List<String> source) {
		int first = scalar.getStartMark().getLine();
		int end = scalar.getEndMark().getLine();
		if (scalar.getScalarStyle() == ScalarStyle.LITERAL || first == end) {
			return null;
		}
		if (scalar.getScalarStyle() == ScalarStyle.FOLDED) {
			boolean lastLine = scalar.getEndMark().getColumn() > 0;
			return String.join("\n", source.subList(first + 1, lastLine ? end + 1 : end));
		}
		List<String> lines = new ArrayList<>(source.subList(first, end + 1));
		lines.set(lines.size() - 1, lines.get(lines.size() - 1).substring(0, scalar.getEndMark().getColumn()));
		lines.set(0, lines.get(0).substring(scalar.getStartMark().getColumn()));
		String text = String.join("\n", lines);
		if (scalar.getScalarStyle() == ScalarStyle.PLAIN) {
			return text;
		}
		boolean escapes = text.contains("\\") || text.contains("''");
		return escapes ? scalar.getValue() : text.substring(1, text.length() - 1);
	}

}
