package io.kvpurge.definition;

import java.io.StringReader;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A text that is one YAML mapping, without what YAML has for other purposes: tags,
 * anchors, further documents.
 */
final class YamlDocument {

	/** What YAML takes an unquoted text for, of its own accord. */
	private static final Set<Tag> PLAIN_TAGS = Set.of(Tag.STR, Tag.NULL, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.TIMESTAMP,
			Tag.MERGE);

	private static final int LONGEST_TEXT = 1 << 20;

	/** As YAML 1.1 counts lines. */
	private static final Pattern LINE_BREAK = Pattern.compile("\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}]");

	private YamlDocument() {
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
			problems.add(YamlSection.lineOf(node),
					"YAML anchors and aliases are not allowed: write '" + node.getAnchor() + "' out");
			return;
		}
		if (isTagged(node)) {
			problems.add(YamlSection.lineOf(node),
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

}
