package io.kvpurge.definition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
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

	private final String path;

	private final int line;

	private final Map<String, Node> fields = new LinkedHashMap<>();

	private final Map<String, Integer> lines = new LinkedHashMap<>();

	private final List<String> source;

	private final Problems problems;

	YamlSection(String path, MappingNode node, List<String> source, Problems problems) {
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
		int at = lineOf(node);
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
		return YamlText.of(scalar, this.source);
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

	static int lineOf(Node node) {
		return node.getStartMark().getLine() + 1;
	}

}
