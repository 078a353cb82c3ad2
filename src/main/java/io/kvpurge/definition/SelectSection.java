package io.kvpurge.definition;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.ParameterType;
import io.kvpurge.filter.Rule;
import io.kvpurge.given.KeyFile;
import io.kvpurge.given.KeyFileFormat;
import io.kvpurge.given.KeyList;
import io.kvpurge.given.KeySource;
import io.kvpurge.store.Key;

/**
 * Reads {@code select}: which keys, by what they begin with or one by one, and a rule.
 */
final class SelectSection {

	static final List<String> FIELDS = List.of("prefixes", "split-by", "keys", "keys-file", "where");

	static final List<String> FILE_FIELDS = List.of("path", "format");

	static final int MOST_KEYS = 1000;

	private final @Nullable Path folder;

	private final Problems problems;

	/**
	 * @param folder where relative paths begin, null if that is not known
	 */
	SelectSection(@Nullable Path folder, Problems problems) {
		this.folder = folder;
		this.problems = problems;
	}

	/**
	 * What it says, null if it has a problem.
	 * @param types of the parameters, null if they have a problem
	 */
	@Nullable Selection read(YamlSection select, Map<String, ParameterDefinition> parameters,
			@Nullable Map<String, ParameterType> types) {
		select.refuseUnknown(FIELDS, Set.of());
		boolean named = select.has("keys") || select.has("keys-file");
		KeySource keys = named ? keys(select) : null;
		List<String> prefixes = (named && !select.has("prefixes")) ? List.of("") : prefixes(select, parameters);
		String splitBy = splitBy(select, (prefixes != null) ? prefixes.size() : 1);
		if (named && splitBy != null) {
			this.problems.add(select.line("split-by"),
					"'select.split-by' divides what is listed, but keys that are named are not: leave it out");
		}
		Rule where = select.require("where", "; for every key, write: all")
				? DefinitionReader.rule(select, "where", types, this.problems) : null;
		return (prefixes != null && where != null) ? new Selection(prefixes, splitBy, keys, where) : null;
	}

	private @Nullable KeySource keys(YamlSection select) {
		if (!select.has("keys-file")) {
			return list(select);
		}
		if (select.has("keys")) {
			this.problems.add(select.line("keys"), "give either 'select.keys' or 'select.keys-file', not both");
			return null;
		}
		if (!select.isSection("keys-file")) {
			return file(select.text("keys-file"), "select.keys-file", null);
		}
		YamlSection section = select.section("keys-file");
		if (section == null) {
			return null;
		}
		section.refuseUnknown(FILE_FIELDS, Set.of());
		YamlText format = section.text("format");
		KeyFileFormat known = (format != null) ? KeyFileFormat.of(format.value()) : null;
		if (format != null && known == null) {
			this.problems.add(format.line(),
					"'" + section.named("format") + "' is '" + format.value() + "': expected text, jsonl or nul");
		}
		return section.require("path", "") ? file(section.text("path"), section.named("path"), known) : null;
	}

	private @Nullable KeySource file(@Nullable YamlText path, String field, @Nullable KeyFileFormat format) {
		if (path == null || DefinitionReader.refusePlaceholder(path, field, this.problems)) {
			return null;
		}
		try {
			if (!path.value().isEmpty()) {
				return KeyFile.of(path.value(), format, this.folder);
			}
		}
		catch (InvalidPathException ex) {
			// told below
		}
		this.problems.add(path.line(),
				"'" + field + "' is '" + path.value() + "': expected the path of a file, or '-' for standard input");
		return null;
	}

	private @Nullable KeySource list(YamlSection select) {
		List<YamlText> texts = select.list("keys");
		if (texts == null) {
			return null;
		}
		int before = this.problems.count();
		if (texts.isEmpty() || texts.size() > MOST_KEYS) {
			this.problems.add(select.line("keys"), "'select.keys' has " + texts.size() + " keys: expected 1 to "
					+ MOST_KEYS + "; a file may have more: select.keys-file");
		}
		List<Key> keys = new ArrayList<>();
		for (YamlText text : texts) {
			if (text.commented()) {
				this.problems.add(text.line(), "'select.keys': '" + text.value()
						+ "' is not in quotes and a comment follows: put the key in quotes, so that nothing of it is dropped");
			}
			else {
				add(text, keys);
			}
		}
		return (this.problems.count() == before) ? new KeyList(keys) : null;
	}

	private void add(YamlText text, List<Key> keys) {
		try {
			if (text.value().isEmpty()) {
				throw new IllegalArgumentException("it is empty");
			}
			keys.add(Key.of(text.value()));
		}
		catch (IllegalArgumentException ex) {
			this.problems.add(text.line(), "'select.keys' has a text that is no key: " + ex.getMessage());
		}
	}

	private @Nullable List<String> prefixes(YamlSection select, Map<String, ParameterDefinition> parameters) {
		List<YamlText> texts = select.require("prefixes", "; for every key, write: [\"\"]") ? select.list("prefixes")
				: null;
		if (texts == null) {
			return null;
		}
		if (texts.isEmpty()) {
			this.problems.add(select.line("prefixes"), "'select.prefixes' is empty; for every key, write: [\"\"]");
		}
		for (YamlText text : texts) {
			String problem = PrefixTemplates.problem(text.value(), parameters);
			if (text.commented()) {
				this.problems.add(text.line(), "'select.prefixes': '" + text.value()
						+ "' is not in quotes and a comment follows: put the prefix in quotes, so that nothing of it is dropped");
			}
			else if (!DefinitionReader.refusePlaceholder(text, "select.prefixes", this.problems) && problem != null) {
				this.problems.add(text.line(), "'select.prefixes': " + problem);
			}
		}
		List<String> prefixes = texts.stream().map(YamlText::value).toList();
		String overlap = PrefixTemplates.overlap(prefixes);
		if (overlap != null) {
			this.problems.add(select.line("prefixes"), overlap);
		}
		return prefixes;
	}

	private @Nullable String splitBy(YamlSection select, int prefixes) {
		YamlText text = select.text("split-by");
		if (text == null) {
			return null;
		}
		if (text.commented()) {
			this.problems.add(text.line(), "'select.split-by' is not in quotes and a comment follows: put it in quotes,"
					+ " so that nothing of it is dropped");
		}
		else if (!DefinitionReader.refusePlaceholder(text, "select.split-by", this.problems)) {
			String problem = SplitCharacters.problem(text.value(), prefixes);
			if (problem != null) {
				this.problems.add(text.line(), "'select.split-by' " + problem);
			}
		}
		return text.value();
	}

}
