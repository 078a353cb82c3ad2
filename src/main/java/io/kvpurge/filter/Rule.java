package io.kvpurge.filter;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cel.bundle.Cel;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import org.jspecify.annotations.Nullable;

/**
 * A condition on entries, compiled and type-checked. Immutable; safe for use by several
 * threads.
 */
public final class Rule {

	/** The spelling of the rule that holds for every entry. */
	public static final String ALL = "all";

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
			return new Rule(text, tree, cel.createProgram(tree));
		}
		catch (CelValidationException ex) {
			throw rejected(ex);
		}
		catch (CelEvaluationException ex) {
			throw new RuleException(String.valueOf(ex.getMessage()), 0);
		}
	}

	private static RuleException rejected(CelValidationException ex) {
		CelIssue first = ex.getErrors().get(0);
		String message = first.getMessage().lines().findFirst().orElse("").strip();
		if (message.contains("undeclared reference to 'params'")) {
			message = "undeclared parameter: declare it under 'parameters'";
		}
		else if (message.contains("expected type 'bool' but found")) {
			message = "the rule is no condition: " + message;
		}
		return new RuleException("column " + (first.getSourceLocation().getColumn() + 1) + " of the rule: " + message,
				Math.max(0, first.getSourceLocation().getLine() - 1));
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
		return (Boolean) this.program.eval(variables);
	}

	/** A reason with few distinct texts: what the rule names, and no data. */
	String reason(CelEvaluationException failure) {
		String message = String.valueOf(failure.getMessage());
		return switch (failure.getErrorCode()) {
			case ATTRIBUTE_NOT_FOUND -> {
				Set<String> missing = metadataFields().stream()
					.filter((field) -> message.contains("'" + field.substring(field.lastIndexOf('.') + 1) + "'"))
					.collect(Collectors.toSet());
				yield (missing.size() == 1) ? "metadata." + missing.iterator().next() + " is missing"
						: "a metadata field is missing";
			}
			case OVERLOAD_NOT_FOUND -> "a value has another type than the rule expects";
			case BAD_FORMAT -> "a value cannot be converted to what the rule expects";
			default -> (failure.getCause() instanceof UndecidableException ex) ? String.valueOf(ex.getMessage())
					: "the rule fails on the entry (" + failure.getErrorCode() + ")";
		};
	}

}
