package io.kvpurge.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import org.jspecify.annotations.Nullable;

/** What can be seen of a rule without evaluating it. */
final class RuleInspection {

	/** Fields named so that an entry without them cannot be decided. */
	private final Set<String> bareFields = new TreeSet<>();

	private final Set<String> testedFields = new TreeSet<>();

	private final Set<String> safeFields = new TreeSet<>();

	private final List<String> unanchored = new ArrayList<>();

	RuleInspection(@Nullable CelAbstractSyntaxTree tree) {
		if (tree != null) {
			CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach((node) -> inspect(node.expr()));
		}
	}

	private void inspect(CelExpr expression) {
		if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT) {
			String path = path(expression);
			if (path != null) {
				(expression.select().testOnly() ? this.testedFields : this.bareFields).add(path);
			}
		}
		else if (expression.getKind() == CelExpr.ExprKind.Kind.CALL) {
			inspect(expression.call());
		}
	}

	private void inspect(CelExpr.CelCall call) {
		List<CelExpr> arguments = call.args();
		switch (call.function()) {
			case "_[_]" -> {
				String name = text(arguments.get(1));
				if (isMetadata(arguments.get(0)) && name != null) {
					this.bareFields.add(name);
				}
			}
			case "metadata_field" -> {
				String name = text(arguments.get(1));
				if (name != null) {
					this.safeFields.add(name);
				}
			}
			case "matches" -> {
				String pattern = text(arguments.get(arguments.size() - 1));
				if (pattern != null && !(pattern.startsWith("^") && pattern.endsWith("$"))) {
					this.unanchored.add(pattern);
				}
			}
			default -> {
			}
		}
	}

	/** The path of a selection that begins at metadata, else null. */
	private static @Nullable String path(CelExpr expression) {
		CelExpr operand = expression.select().operand();
		String field = expression.select().field();
		if (isMetadata(operand)) {
			return field;
		}
		String outer = (operand.getKind() == CelExpr.ExprKind.Kind.SELECT) ? path(operand) : null;
		return (outer != null) ? outer + "." + field : null;
	}

	private static boolean isMetadata(CelExpr expression) {
		return expression.getKind() == CelExpr.ExprKind.Kind.IDENT && expression.ident().name().equals("metadata");
	}

	private static @Nullable String text(CelExpr expression) {
		return (expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
				&& expression.constant().getKind() == CelConstant.Kind.STRING_VALUE)
						? expression.constant().stringValue() : null;
	}

	Set<String> metadataFields() {
		Set<String> fields = new TreeSet<>(this.bareFields);
		fields.addAll(this.testedFields);
		fields.addAll(this.safeFields);
		return fields;
	}

	List<String> warnings(boolean keep) {
		List<String> warnings = new ArrayList<>();
		for (String pattern : this.unanchored) {
			warnings.add("matches('" + pattern
					+ "') looks anywhere in the text: anchor it with ^ and $ if you mean all of it");
		}
		if (keep) {
			for (String field : this.bareFields) {
				if (!this.testedFields.contains(field)) {
					warnings.add("every entry without metadata." + field + " is held: write metadata.field('" + field
							+ "') if these may go");
				}
			}
		}
		return warnings;
	}

}
