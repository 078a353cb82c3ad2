package io.kvpurge.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.kvpurge.filter.Rule;
import io.kvpurge.filter.RuleException;

/** A rule made of a command line's flags, all of which must hold. */
final class AdHocRule {

	private final List<String> conditions = new ArrayList<>();

	/**
	 * A rule in CEL; one that holds for all entries adds nothing.
	 * @throws DefinitionException if it is none by itself: it must not reach beyond the
	 * parentheses around it
	 */
	void where(String rule) {
		try {
			if (!Rule.compile(rule, Map.of()).isAll()) {
				// A comment ends with its line, and must not hide what follows.
				this.conditions.add(rule.contains("//") ? rule + "\n" : rule);
			}
		}
		catch (RuleException ex) {
			throw AdHocDefinition.problem("--where: " + ex.getMessage());
		}
	}

	/** A tag in the comma list of a metadata field. */
	void tag(String field, String value) {
		if (field.isEmpty() || value.isEmpty()) {
			throw AdHocDefinition.problem("--tag-field and --tag-value must not be empty");
		}
		String tags = "metadata.field(" + literal(field) + ")";
		this.conditions.add(tags + " != null && " + literal(value) + " in tags(" + tags + ")");
	}

	/** A text somewhere in the metadata. */
	void search(String text) {
		if (text.isEmpty()) {
			throw AdHocDefinition.problem("--search is empty: it would find every entry");
		}
		this.conditions.add("metadata.contains(" + literal(text) + ")");
	}

	/** An RE2 pattern that the key matches as a whole. */
	void pattern(String pattern) {
		if (pattern.isEmpty()) {
			throw AdHocDefinition.problem("--pattern is empty");
		}
		try {
			// Alone first: it must not reach beyond the group that anchors it.
			Pattern.compile(pattern);
			Pattern.compile(anchored(pattern));
		}
		catch (PatternSyntaxException ex) {
			throw AdHocDefinition.problem("--pattern " + pattern + " is no RE2 pattern: " + ex.getDescription());
		}
		this.conditions.add("key.matches(" + literal(anchored(pattern)) + ")");
	}

	/** All of it in CEL; without any condition, every entry goes. */
	String text() {
		if (this.conditions.size() < 2) {
			return this.conditions.isEmpty() ? Rule.ALL : this.conditions.get(0);
		}
		return String.join(" && ", this.conditions.stream().map((condition) -> "(" + condition + ")").toList());
	}

	private static String anchored(String pattern) {
		return "^(?:" + pattern + ")$";
	}

	/**
	 * A text as CEL spells it; JSON's escapes are CEL's too. What looks like a
	 * placeholder is none.
	 */
	private static String literal(String text) {
		return QuotedText.of(text).replace("${", "\\u0024{");
	}

}
