package io.kvpurge.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.ParameterType;
import io.kvpurge.store.Key;

/**
 * Prefixes in which <code>{name}</code> stands for a parameter; <code>{{</code> and
 * <code>}}</code> stand for the braces themselves.
 */
record PrefixTemplates(List<String> templates) {

	private static final Pattern PART = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]|[^{}]+");

	/** What is wrong with a template, null if nothing is. */
	static @Nullable String problem(String template, Map<String, ParameterDefinition> parameters) {
		Matcher part = PART.matcher(template);
		while (part.find()) {
			String name = part.group(1);
			if (name != null) {
				ParameterDefinition parameter = parameters.get(name);
				if (parameter == null) {
					return "'{" + name + "}' names no parameter; for a brace in a key, write it twice";
				}
				if (parameter.type() != ParameterType.STRING && parameter.type() != ParameterType.INT) {
					return "'{" + name + "}' is a " + parameter.type()
							+ ": only a string or an int can stand in a prefix";
				}
			}
			else if (part.group().equals("{") || part.group().equals("}")) {
				return "'" + part.group() + "' stands alone; for a brace in a key, write it twice";
			}
		}
		return null;
	}

	/** The template of exactly this text. */
	static String escaped(String text) {
		return text.replace("{", "{{").replace("}", "}}");
	}

	/**
	 * Two prefixes of which one begins with the other, told in words; null if there are
	 * none.
	 */
	static @Nullable String overlap(List<String> prefixes) {
		List<String> sorted = prefixes.stream().sorted(Comparator.naturalOrder()).toList();
		for (int i = 1; i < sorted.size(); i++) {
			if (sorted.get(i).startsWith(sorted.get(i - 1))) {
				return "prefixes overlap: '" + sorted.get(i) + "' begins with '" + sorted.get(i - 1) + "'";
			}
		}
		return null;
	}

	/**
	 * The prefixes with these values inserted.
	 * @param splitBy the characters that each of them is divided by, null for none
	 * @throws DefinitionException if they overlap
	 */
	List<Key> keys(Map<String, List<String>> values, @Nullable String splitBy, Problems problems) {
		List<String> texts = new ArrayList<>();
		for (String template : this.templates) {
			texts.add(PART.matcher(template)
				.replaceAll((part) -> Matcher.quoteReplacement(inserted(part.group(), part.group(1), values))));
		}
		String overlap = overlap(texts);
		if (overlap != null) {
			problems.add(0, overlap);
		}
		List<Key> keys = new ArrayList<>();
		List<String> divided = (splitBy != null)
				? texts.stream().flatMap((text) -> new SplitCharacters(splitBy).after(text).stream()).toList() : texts;
		for (String text : divided) {
			try {
				keys.add(Key.of(text));
			}
			catch (IllegalArgumentException ex) {
				problems.add(0, "prefix '" + text + "' is " + ex.getMessage());
			}
		}
		problems.throwIfAny();
		return List.copyOf(new TreeSet<>(keys));
	}

	private static String inserted(String part, @Nullable String name, Map<String, List<String>> values) {
		if (name != null) {
			return values.getOrDefault(name, List.of("")).get(0);
		}
		return switch (part) {
			case "{{" -> "{";
			case "}}" -> "}";
			default -> part;
		};
	}

}
