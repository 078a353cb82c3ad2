package io.kvpurge.definition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.ParameterType;
import io.kvpurge.filter.Rule;
import io.kvpurge.filter.RuleException;

/** Reads definitions, strictly: what is not understood in full is not used at all. */
public final class DefinitionReader {

	static final List<String> FIELDS = List.of("version", "name", "store", "parameters", "select", "keep", "limits",
			"partitions", "partitions-on", "recheck", "backup", "approval", "plan-valid-for", "verify");

	static final List<String> PARAMETER_FIELDS = List.of("type", "default", "pattern");

	/** Where ranges are worked on. */
	static final List<String> PLACES = List.of("process", "workers");

	static final String NAME = "[a-z0-9][a-z0-9_-]{0,62}";

	static final String PARAMETER_NAME = "[A-Za-z_][A-Za-z0-9_]{0,62}";

	/**
	 * Reads a file.
	 * @throws DefinitionException with everything that is wrong with it
	 */
	public PurgeDefinition read(Path file) {
		return read(TextFile.read(file), file.toString(), file.toAbsolutePath().getParent());
	}

	/**
	 * Reads a text. Where a file is that it names by a relative path is not known then.
	 * @param source where the text comes from, for messages
	 * @throws DefinitionException with everything that is wrong with it
	 */
	public PurgeDefinition read(String text, String source) {
		return read(text, source, null);
	}

	private PurgeDefinition read(String text, String source, @Nullable Path folder) {
		Problems problems = new Problems(source);
		YamlSection root = YamlDocument.parse(text, problems);
		root.refuseUnknown(FIELDS, Set.of());
		checkVersion(root, problems);
		String name = name(root, problems);
		StoreDefinition store = store(root, problems);
		int before = problems.count();
		Map<String, ParameterDefinition> parameters = parameters(root, problems);
		Map<String, ParameterType> types = (problems.count() == before) ? types(parameters) : null;
		Partitioning partitioning = partitioning(root, problems);
		Limits limits = new LimitsSection(problems).read(root.section("limits"));
		boolean recheck = root.flag("recheck", false);
		BackupTarget backup = BackupSection.read(root, problems);
		PlanTerms plans = plans(root, problems);
		boolean verify = root.flag("verify", false);
		YamlSection select = root.require("select", ": which keys?") ? root.section("select") : null;
		Selection selection = (select != null) ? new SelectSection(folder, problems).read(select, parameters, types)
				: null;
		Rule keep = root.has("keep") ? rule(root, "keep", types, problems) : null;
		problems.throwIfAny();
		if (name == null || store == null || selection == null) {
			throw new IllegalStateException("a problem was not reported in " + source);
		}
		String digest = DefinitionDigest.of(name, store, parameters, selection.prefixes(), selection.splitBy(),
				selection.keys() != null, selection.where(), keep);
		return new PurgeDefinition(name, text, source, store, parameters, selection.prefixes(), selection.where(), keep,
				partitioning, selection.isAllMeant() ? limits.ofAll() : limits, recheck, backup, selection.splitBy(),
				selection.keys(), plans, verify, digest);
	}

	private static void checkVersion(YamlSection root, Problems problems) {
		if (root.require("version", ": begin with 'version: 1'") && root.number("version", 1, 999_999_999, 1) != 1) {
			problems.add(root.line("version"), "this version of kvpurge reads definitions of version 1 only");
		}
	}

	private static Partitioning partitioning(YamlSection root, Problems problems) {
		int wanted = root.number("partitions", 1, Partitioning.MOST, 0);
		YamlText place = root.text("partitions-on");
		if (place != null && !PLACES.contains(place.value())) {
			problems.add(place.line(),
					"'partitions-on' is '" + place.value() + "': expected " + String.join(" or ", PLACES));
		}
		return new Partitioning((wanted > 0) ? wanted : null, place != null && place.value().equals("workers"));
	}

	private static PlanTerms plans(YamlSection root, Problems problems) {
		YamlText approval = root.text("approval");
		if (approval != null && !approval.value().equals("required")) {
			problems.add(approval.line(), "'approval' is '" + approval.value() + "': expected required, or nothing");
		}
		YamlText validFor = root.text("plan-valid-for");
		if (validFor == null) {
			return new PlanTerms(approval != null, PlanTerms.DEFAULT.validFor());
		}
		try {
			return new PlanTerms(approval != null, ParameterType.duration(validFor.value()));
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			problems.add(validFor.line(), "'plan-valid-for' is '" + validFor.value()
					+ "': expected a duration longer than nothing, such as 24h or 90m");
			return PlanTerms.DEFAULT;
		}
	}

	private static @Nullable String name(YamlSection root, Problems problems) {
		YamlText name = root.require("name", "") ? root.text("name") : null;
		if (name != null && !PurgeDefinition.isName(name.value())) {
			problems.add(name.line(), "'name' is '" + name.value()
					+ "': expected up to 63 lower-case letters, digits, '-' and '_', a letter or digit first");
		}
		return (name != null) ? name.value() : null;
	}

	private static @Nullable StoreDefinition store(YamlSection root, Problems problems) {
		YamlSection section = root.require("store", ": which store?") ? root.section("store") : null;
		return (section != null) ? new StoreSection(problems).read(section) : null;
	}

	private static Map<String, ParameterDefinition> parameters(YamlSection root, Problems problems) {
		Map<String, ParameterDefinition> parameters = new LinkedHashMap<>();
		YamlSection section = root.section("parameters");
		if (section == null) {
			return parameters;
		}
		for (String name : section.names()) {
			if (!name.matches(PARAMETER_NAME)) {
				problems.add(section.line(name),
						"parameter '" + name + "' has no usable name: expected letters, digits and '_'");
			}
			ParameterDefinition parameter = parameter(section, name, problems);
			if (parameter != null) {
				parameters.put(name, parameter);
			}
		}
		return parameters;
	}

	private static @Nullable ParameterDefinition parameter(YamlSection section, String name, Problems problems) {
		if (!section.isSection(name)) {
			ParameterType type = parameterType(section.text(name), problems);
			return (type != null) ? new ParameterDefinition(type, null, null) : null;
		}
		YamlSection fields = section.section(name);
		if (fields == null) {
			return null;
		}
		fields.refuseUnknown(PARAMETER_FIELDS, Set.of());
		ParameterType type = fields.require("type", "") ? parameterType(fields.text("type"), problems) : null;
		if (type == null) {
			return null;
		}
		YamlText pattern = fields.text("pattern");
		List<YamlText> defaults = fields.texts("default");
		if (defaults != null) {
			defaults.forEach((text) -> refusePlaceholder(text, fields.named("default"), problems));
		}
		ParameterDefinition parameter = new ParameterDefinition(type,
				(defaults != null) ? defaults.stream().map(YamlText::value).toList() : null,
				(pattern != null) ? pattern.value() : null);
		try {
			if (pattern != null) {
				Pattern.compile(pattern.value());
			}
			if (parameter.defaultTexts() != null) {
				parameter.value(parameter.defaultTexts());
			}
			return parameter;
		}
		catch (PatternSyntaxException ex) {
			problems.add(fields.line("pattern"),
					"'" + fields.named("pattern") + "' is no RE2 pattern: " + ex.getDescription());
		}
		catch (IllegalArgumentException ex) {
			problems.add(fields.line("default"), "'" + fields.named("default") + "' " + ex.getMessage());
		}
		return new ParameterDefinition(type, null, null);
	}

	private static @Nullable ParameterType parameterType(@Nullable YamlText name, Problems problems) {
		ParameterType type = (name != null) ? ParameterType.of(name.value()) : null;
		if (name != null && type == null) {
			List<String> known = new ArrayList<>();
			for (ParameterType value : ParameterType.values()) {
				known.add(value.toString());
			}
			problems.addUnknown(name.line(), "parameter type", name.value(), known);
		}
		return type;
	}

	private static Map<String, ParameterType> types(Map<String, ParameterDefinition> parameters) {
		Map<String, ParameterType> types = new LinkedHashMap<>();
		parameters.forEach((name, parameter) -> types.put(name, parameter.type()));
		return types;
	}

	/** The rule; null if it has a problem, or cannot be judged since parameters have. */
	static @Nullable Rule rule(YamlSection section, String field, @Nullable Map<String, ParameterType> types,
			Problems problems) {
		YamlText text = section.text(field);
		if (text == null) {
			return null;
		}
		if (text.commented()) {
			problems.add(text.line(), "'" + section.named(field)
					+ "' is not in quotes and a comment follows: put the rule in quotes, so that nothing of it is dropped");
			return null;
		}
		if (text.joined() != null && text.value().contains("//")) {
			// A CEL comment ends with its line, and YAML has joined the lines.
			problems.add(text.line(), "'" + section.named(field)
					+ "' has '//' in lines that YAML joins, which may hide the rest of the rule: begin it with '|'");
			return null;
		}
		if (refusePlaceholder(text, section.named(field), problems) || types == null) {
			return null;
		}
		try {
			return Rule.compile(text.value(), types);
		}
		catch (RuleException ex) {
			RuleException exact = (text.joined() != null) ? inItsLine(text.joined(), types, ex) : ex;
			problems.add(text.line() + exact.line(), "'" + section.named(field) + "': " + exact.getMessage());
			return null;
		}
	}

	/** The same mistake in the rule as its lines were before YAML joined them. */
	private static RuleException inItsLine(String lines, Map<String, ParameterType> types, RuleException joined) {
		try {
			Rule.compile(lines, types);
			return joined;
		}
		catch (RuleException ex) {
			return ex;
		}
	}

	static boolean refusePlaceholder(YamlText text, String field, Problems problems) {
		Matcher placeholder = StoreDefinition.PLACEHOLDER.matcher(text.value());
		boolean found = placeholder.find();
		if (found) {
			problems.add(text.line(),
					"'" + field + "' has " + placeholder.group() + ": placeholders stand under 'store' only");
		}
		return found;
	}

}
