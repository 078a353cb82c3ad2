package io.kvpurge.filter;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.re2j.PatternSyntaxException;
import dev.cel.bundle.Cel;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.DurationLiteralValidator;
import dev.cel.validator.validators.RegexLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.EntryFields;

/**
 * A condition on entries, compiled and type-checked. Immutable; safe for use by several
 * threads.
 */
public final class Rule {

	/** The spelling of the rule that holds for every entry. */
	public static final String ALL = "all";

	private static final Pattern PARAMETER = Pattern.compile("params\\s*\\.\\s*(\\w+)");

	private final String text;

	private final @Nullable CelAbstractSyntaxTree tree;

	private final @Nullable Program program;

	private final RuleInspection inspection;

	private Rule(String text, @Nullable CelAbstractSyntaxTree tree, @Nullable Program program) {
		this.text = text;
		this.tree = tree;
		this.program = program;
		this.inspection = new RuleInspection(tree);
	}

	/**
	 * Compiles a rule.
	 * @param text a CEL expression, or {@link #ALL}
	 * @param parameters the parameters that it may name
	 * @throws RuleException if it has a syntax or type error, is no condition, or names
	 * something unknown
	 */
	public static Rule compile(String text, Map<String, ParameterType> parameters) {
		if (text.isBlank()) {
			throw new RuleException("the rule is empty; for every key, write: all", 0);
		}
		if (text.strip().equals(ALL)) {
			return new Rule(ALL, null, null);
		}
		try {
			Cel cel = RuleLanguage.with(parameters);
			CelAbstractSyntaxTree tree = cel.compile(text).getAst();
			check(cel, tree);
			Rule rule = new Rule(text, tree, cel.createProgram(tree));
			rule.inspection.patterns().forEach(Rule::checkPattern);
			if (!rule.inspection.looksAtEntry()) {
				throw new RuleException("the rule looks at neither key, metadata nor expiration, so it says the same of"
						+ " every entry; for every key, write: all", 0);
			}
			return rule;
		}
		catch (CelValidationException ex) {
			throw rejected(text, ex);
		}
		catch (CelEvaluationException ex) {
			throw new RuleException(String.valueOf(ex.getMessage()), 0);
		}
		catch (StackOverflowError ex) {
			throw new RuleException("the rule is nested too deeply", 0);
		}
	}

	/** Constants that could never be used are found here, and not entry by entry. */
	private static void check(Cel cel, CelAbstractSyntaxTree tree) throws CelValidationException {
		CelValidatorFactory.standardCelValidatorBuilder(cel)
			.addAstValidators(RegexLiteralValidator.INSTANCE, DurationLiteralValidator.INSTANCE,
					TimestampLiteralValidator.INSTANCE)
			.build()
			.validate(tree)
			.getAst();
	}

	/**
	 * By the engine that evaluates; the library's check is by that of the JDK, which
	 * knows more.
	 */
	private static void checkPattern(String pattern) {
		try {
			com.google.re2j.Pattern.compile(pattern);
		}
		catch (PatternSyntaxException ex) {
			throw new RuleException("the pattern '" + pattern + "' is none of RE2: " + ex.getMessage(), 0);
		}
	}

	private static RuleException rejected(String text, CelValidationException ex) {
		CelIssue first = ex.getErrors().get(0);
		String message = first.getMessage().lines().findFirst().orElse("").strip();
		if (message.contains("undeclared reference to 'params'")) {
			message = undeclaredParameter(text, first.getSourceLocation());
		}
		else if (message.contains("expected type 'bool' but found")) {
			message = "the rule is no condition: " + message;
		}
		return new RuleException("column " + (first.getSourceLocation().getColumn() + 1) + " of the rule: " + message,
				Math.max(0, first.getSourceLocation().getLine() - 1));
	}

	private static String undeclaredParameter(String text, CelSourceLocation location) {
		String rest = text.lines().skip(location.getLine() - 1L).findFirst().orElse("");
		Matcher parameter = PARAMETER.matcher(rest);
		return parameter.find(rest.offsetByCodePoints(0, location.getColumn()))
				? "undeclared parameter '" + parameter.group(1) + "': declare it under 'parameters'"
				: "'params' alone is no value: write params.NAME";
	}

	/** As it was written. */
	public String text() {
		return this.text;
	}

	/** As it was understood: the same meaning in CEL's own layout. */
	public String parsed() {
		return (this.tree != null) ? CelUnparserFactory.newUnparser().unparse(this.tree) : ALL;
	}

	/** Whether it holds for every entry. */
	public boolean isAll() {
		return this.tree == null;
	}

	/** The metadata fields that it names, as dotted paths. */
	public Set<String> metadataFields() {
		return this.inspection.metadataFields();
	}

	/** What this rule and another look at. */
	public EntryFields entryFields(Rule other) {
		Set<String> fields = new TreeSet<>(this.inspection.readFields());
		fields.addAll(other.inspection.readFields());
		return new EntryFields(fields, this.inspection.looksAtAllMetadata() || other.inspection.looksAtAllMetadata(),
				this.inspection.looksAtExpiration() || other.inspection.looksAtExpiration());
	}

	/** What may not mean what it seems to: in any rule, and in one under {@code keep}. */
	public List<String> warnings(boolean keep) {
		return this.inspection.warnings(keep);
	}

	/**
	 * Whether the condition holds.
	 * @throws CelEvaluationException if it cannot be decided
	 */
	boolean holds(EntryVariables variables) throws CelEvaluationException {
		if (this.program == null) {
			return true;
		}
		if (this.program.eval(variables) instanceof Boolean holds) {
			return holds;
		}
		throw new UndecidableException("the rule comes to neither true nor false");
	}

	/** A reason with few distinct texts: what the rule names, and no data. */
	String reason(CelEvaluationException failure) {
		return switch (failure.getErrorCode()) {
			case ATTRIBUTE_NOT_FOUND -> missing(failure);
			case OVERLOAD_NOT_FOUND -> "a value has another type than the rule expects";
			case BAD_FORMAT -> "a value cannot be converted to what the rule expects";
			default -> (failure.getCause() instanceof UndecidableException ex) ? String.valueOf(ex.getMessage())
					: "the rule fails on the entry (" + failure.getErrorCode() + ")";
		};
	}

	/** The library quotes the field that it missed, or says nothing else. */
	private String missing(CelEvaluationException failure) {
		Throwable cause = failure.getCause();
		String message = String.valueOf(((cause != null) ? cause : failure).getMessage());
		List<String> missing = metadataFields().stream().filter((path) -> {
			String field = path.substring(path.lastIndexOf('.') + 1);
			return message.equals(field) || message.contains("'" + field + "'");
		}).toList();
		return (missing.size() == 1) ? "metadata." + missing.get(0) + " is missing" : "a metadata field is missing";
	}

}
