package io.kvpurge.definition;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping in a YAML text, read strictly: what YAML would take for something else than
 * was meant (the last of two equal keys, tags, anchors, numbers in place of text) is a
 * problem. Every getter reports what is wrong and then gives what stands for "not there",
 * so that reading goes on to the next problem.
 */
final class YamlSection {

	/** What YAML takes an unquoted text for, of its own accord. */
	private static final Set<Tag> PLAIN_TAGS = Set.of(Tag.STR, Tag.NULL, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.TIMESTAMP,
			Tag.MERGE);

	private static final int LONGEST_TEXT = 1 << 20;

	/** As YAML 1.1 counts lines. */
	private static final Pattern LINE_BREAK = Pattern.compile("\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}]");

	private final String path;

	private final int line;

	private final Map<String, Node> fields = new LinkedHashMap<>();

	private final Map<String, Integer> lines = new LinkedHashMap<>();

	private final List<String> source;

	private final Problems problems;

	private YamlSection(String path, MappingNode node, List<String> source, Problems problems) {
		this.path = path;
		this.line = lineOf(node);
		this.source = source;
		this.problems = problems;
		for (NodeTuple tuple : node.getValue()) {
			add(tuple);
		}
	}

	private void add(NodeTuple tuple) {
		int at = lineOf(tuple.getKeyNode());
		if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
			this.problems.add(at, "a field's name is expected here");
			return;
		}
		String name = key.getValue();
		if (this.fields.putIfAbsent(name, tuple.getValueNode()) != null) {
			this.problems.add(at, "field '" + named(name) + "' stands here a second time (first in line "
					+ this.lines.get(name) + ")");
			return;
		}
		this.lines.put(name, at);
	}

	/**
	 * The mapping that a text is.
	 * @throws DefinitionException if it is none
	 */
	static YamlSection parse(String text, Problems problems) {
		LoaderOptions options = new LoaderOptions();
		options.setProcessComments(true);
		options.setCodePointLimit(LONGEST_TEXT);
		Node root = null;
		try {
			root = new Yaml(options).compose(new StringReader(text));
		}
		catch (MarkedYAMLException ex) {
			int line = (ex.getProblemMark() != null) ? ex.getProblemMark().getLine() + 1 : 0;
			boolean several = String.valueOf(ex.getContext()).contains("expected a single document");
			problems.add(line, several ? "a second YAML document begins here: one file has one definition"
					: "not YAML: " + ex.getProblem() + ((ex.getContext() != null) ? " (" + ex.getContext() + ")" : ""));
		}
		catch (YAMLException ex) {
			problems.add(0, "not YAML: " + String.valueOf(ex.getMessage()).lines().findFirst().orElse(""));
		}
		catch (ClassCastException ex) {
			// The library's own, where a comment is all that a list holds.
			problems.add(0, "not YAML: a comment stands alone within [ ]: put it before them");
		}
		problems.throwIfAny();
		if (root instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
			refuseHazards(root, problems);
			problems.throwIfAny();
			return new YamlSection("", mapping, List.of(LINE_BREAK.split(text, -1)), problems);
		}
		problems.add(0, (root == null || root instanceof MappingNode) ? "the file is empty"
				: "fields are expected: lines such as 'version: 1'");
		problems.throwIfAny();
		throw new IllegalStateException();
	}

	private static void refuseHazards(Node node, Problems problems) {
		if (node.getAnchor() != null) {
			problems.add(lineOf(node),
					"YAML anchors and aliases are not allowed: write '" + node.getAnchor() + "' out");
			return;
		}
		if (isTagged(node)) {
			problems.add(lineOf(node),
					"'" + node.getTag().getValue() + "' is taken for a YAML tag: put the text in quotes");
			return;
		}
		if (node instanceof MappingNode mapping) {
			mapping.getValue().forEach((tuple) -> {
				refuseHazards(tuple.getKeyNode(), problems);
				refuseHazards(tuple.getValueNode(), problems);
			});
		}
		else if (node instanceof SequenceNode sequence) {
			sequence.getValue().forEach((item) -> refuseHazards(item, problems));
		}
	}

	private static boolean isTagged(Node node) {
		if (node instanceof ScalarNode scalar) {
			return (scalar.getScalarStyle() == ScalarStyle.PLAIN) ? !PLAIN_TAGS.contains(node.getTag())
					: !node.getTag().equals(Tag.STR);
		}
		return !node.getTag().equals((node instanceof MappingNode) ? Tag.MAP : Tag.SEQ);
	}

	/** The line of a field, or of the section where there is no such field. */
	int line(String name) {
		return this.lines.getOrDefault(name, this.line);
	}

	Set<String> names() {
		return this.fields.keySet();
	}

	boolean has(String name) {
		return this.fields.containsKey(name);
	}

	/** The field's name with those of the sections around it. */
	String named(String name) {
		return this.path.isEmpty() ? name : this.path + "." + name;
	}

	/**
	 * Reports fields that are not known.
	 * @param known those that may be there
	 * @param later those that another version may have
	 */
	void refuseUnknown(Collection<String> known, Collection<String> later) {
		for (String name : this.fields.keySet()) {
			if (later.contains(name)) {
				this.problems.add(line(name), "field '" + named(name) + "' is not available in this version");
			}
			else if (!known.contains(name)) {
				this.problems.addUnknown(line(name), "field", name, known);
			}
		}
	}

	/** Reports the field if it is not there. */
	boolean require(String name, String hint) {
		if (!has(name)) {
			this.problems.add(this.line, "field '" + named(name) + "' is missing" + hint);
		}
		return has(name);
	}

	/** A text that is not empty, null if it is not there or none. */
	@Nullable YamlText text(String name) {
		Node node = this.fields.get(name);
		return (node != null) ? text(name, node) : null;
	}

	private @Nullable YamlText text(String name, Node node) {
		int at = Math.max(lineOf(node), 1);
		if (!(node instanceof ScalarNode scalar)) {
			this.problems.add(at, "'" + named(name) + "' is a " + kind(node) + ": expected one text");
			return null;
		}
		boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
		if (isMissing(node)) {
			this.problems.add(at, "'" + named(name) + "' has no value");
			return null;
		}
		if (plain && !node.getTag().equals(Tag.STR)) {
			this.problems.add(at, "'" + named(name) + "' is taken for a " + kind(node) + ": put " + scalar.getValue()
					+ " in quotes if it is a text");
			return null;
		}
		boolean commented = plain && node.getInLineComments() != null && !node.getInLineComments().isEmpty();
		boolean block = scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED;
		return new YamlText(scalar.getValue(), block ? at + 1 : at, commented, joined(scalar));
	}

	/** The lines of a text that YAML makes one line of, null if there is but one. */
	private @Nullable String joined(ScalarNode scalar) {
		int first = scalar.getStartMark().getLine();
		int end = scalar.getEndMark().getLine();
		if (scalar.getScalarStyle() == ScalarStyle.LITERAL || first == end) {
			return null;
		}
		if (scalar.getScalarStyle() == ScalarStyle.FOLDED) {
			boolean lastLine = scalar.getEndMark().getColumn() > 0;
			return String.join("\n", this.source.subList(first + 1, lastLine ? end + 1 : end));
		}
		List<String> lines = new ArrayList<>(this.source.subList(first, end + 1));
		lines.set(lines.size() - 1, lines.get(lines.size() - 1).substring(0, scalar.getEndMark().getColumn()));
		lines.set(0, lines.get(0).substring(scalar.getStartMark().getColumn()));
		String text = String.join("\n", lines);
		if (scalar.getScalarStyle() == ScalarStyle.PLAIN) {
			return text;
		}
		boolean escapes = text.contains("\\") || text.contains("''");
		return escapes ? scalar.getValue() : text.substring(1, text.length() - 1);
	}

	/** One text or a list of them; null if it is not there or something else. */
	@Nullable List<YamlText> texts(String name) {
		Node node = this.fields.get(name);
		if (node == null) {
			return null;
		}
		List<Node> items = (node instanceof SequenceNode sequence) ? sequence.getValue() : List.of(node);
		List<YamlText> texts = new ArrayList<>();
		for (Node item : items) {
			YamlText text = text(name, item);
			if (text == null) {
				return null;
			}
			texts.add(text);
		}
		return texts;
	}

	/** A list of texts, which one text alone is not. */
	@Nullable List<YamlText> list(String name) {
		if (this.fields.get(name) instanceof ScalarNode scalar && !isMissing(scalar)) {
			this.problems.add(line(name),
					"'" + named(name) + "' is one value: expected a list, such as [\"a/\", \"b/\"]");
			return null;
		}
		return texts(name);
	}

	/** A whole number, the fallback if it is not there or something else. */
	int number(String name, int least, int most, int fallback) {
		Node node = this.fields.get(name);
		if (node == null) {
			return fallback;
		}
		if (node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
				&& scalar.getValue().matches("0|[1-9][0-9]{0,8}")) {
			int number = Integer.parseInt(scalar.getValue());
			if (number >= least && number <= most) {
				return number;
			}
		}
		this.problems.add(line(name),
				"'" + named(name) + "' is " + given(node) + ": expected a whole number from " + least + " to " + most);
		return fallback;
	}

	/**
	 * A decimal number above the one bound and up to the other, null if it is not there
	 * or something else.
	 */
	@Nullable Double decimal(String name, int above, int most) {
		Node node = this.fields.get(name);
		if (node == null) {
			return null;
		}
		if (node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
				&& scalar.getValue().matches("(?:0|[1-9][0-9]{0,8})(?:\\.[0-9]{1,9})?")) {
			double number = Double.parseDouble(scalar.getValue());
			if (number > above && number <= most) {
				return number;
			}
		}
		this.problems.add(line(name), "'" + named(name) + "' is " + given(node) + ": expected a number above " + above
				+ " and up to " + most);
		return null;
	}

	/** true or false, spelt so; the fallback if it is not there or something else. */
	boolean flag(String name, boolean fallback) {
		Node node = this.fields.get(name);
		if (node == null) {
			return fallback;
		}
		if (node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
				&& scalar.getValue().matches("true|false")) {
			return Boolean.parseBoolean(scalar.getValue());
		}
		this.problems.add(line(name), "'" + named(name) + "' is " + given(node) + ": expected true or false");
		return fallback;
	}

	private static String given(Node node) {
		if (node instanceof ScalarNode scalar) {
			return "'" + scalar.getValue() + "'" + ((scalar.getScalarStyle() == ScalarStyle.PLAIN) ? "" : " in quotes");
		}
		return "a " + kind(node);
	}

	/** The section under a field, null if it is not there or none. */
	@Nullable YamlSection section(String name) {
		Node node = this.fields.get(name);
		if (node == null) {
			return null;
		}
		if (!(node instanceof MappingNode mapping)) {
			this.problems.add(line(name), "'" + named(name) + "' "
					+ (isMissing(node) ? "has no value" : "is a " + kind(node)) + ": expected fields below it");
			return null;
		}
		return new YamlSection(named(name), mapping, this.source, this.problems);
	}

	boolean isSection(String name) {
		return this.fields.get(name) instanceof MappingNode;
	}

	private static String kind(Node node) {
		if (node instanceof MappingNode) {
			return "section";
		}
		if (node instanceof SequenceNode) {
			return "list";
		}
		Tag tag = node.getTag();
		if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
			return "number";
		}
		if (tag.equals(Tag.BOOL)) {
			return "truth value";
		}
		if (tag.equals(Tag.TIMESTAMP)) {
			return "time";
		}
		return tag.equals(Tag.NULL) ? "missing value" : "text";
	}

	private static boolean isMissing(Node node) {
		return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
				&& node.getTag().equals(Tag.NULL);
	}

	private static int lineOf(Node node) {
		return node.getStartMark().getLine() + 1;
	}

	/**
	 * A text and where it stands.
	 *
	 * @param value the text
	 * @param line the line of its first character, counted from 1
	 * @param commented whether a comment follows on the line of an unquoted text
	 * @param joined its lines as they are in the file, null if YAML has not joined any
	 */
	record YamlText(String value, int line, boolean commented, @Nullable String joined) {
	}

}
