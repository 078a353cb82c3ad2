package io.kvpurge.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import org.jspecify.annotations.Nullable;

/** What can be seen of a rule without evaluating it. */
final class RuleInspection {

	/** The variables that differ from entry to entry. */
	private static final Set<String> ENTRY = Set.of("key", "metadata", "expiration");

	/** Fields named so that an entry without them cannot be decided. */
	private final Set<String> bareFields = new TreeSet<>();

	private final Set<String> testedFields = new TreeSet<>();

	private final Set<String> safeFields = new TreeSet<>();

	private final List<String> patterns = new ArrayList<>();

	/** How often a path is named other than on the way to a longer one. */
	private final Map<String, Integer> uses = new TreeMap<>();

	private int metadataAsWhole;

	private boolean looksAtEntry;

	private boolean looksAtExpiration;

	RuleInspection(@Nullable CelAbstractSyntaxTree tree) {
		if (tree != null) {
			CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach((node) -> inspect(node.expr()));
		}
	}

	private void inspect(CelExpr expression) {
		String path = path(expression);
		if (path != null) {
			this.uses.merge(path, 1, Integer::sum);
			CelExpr operand = operand(expression);
			String outer = path(operand);
			if (outer != null) {
				this.uses.merge(outer, -1, Integer::sum);
			}
			if (isMetadata(operand)) {
				this.metadataAsWhole--;
			}
			boolean tested = expression.getKind() == CelExpr.ExprKind.Kind.SELECT && expression.select().testOnly();
			(tested ? this.testedFields : this.bareFields).add(path);
		}
		if (expression.getKind() == CelExpr.ExprKind.Kind.CALL) {
			inspect(expression.call());
		}
		if (isMetadata(expression)) {
			this.metadataAsWhole++;
		}
		if (expression.getKind() == CelExpr.ExprKind.Kind.IDENT && expression.ident().name().equals("expiration")) {
			this.looksAtExpiration = true;
		}
		if (expression.getKind() == CelExpr.ExprKind.Kind.IDENT && ENTRY.contains(expression.ident().name())) {
			this.looksAtEntry = true;
		}
	}

	private void inspect(CelExpr.CelCall call) {
		List<CelExpr> arguments = call.args();
		switch (call.function()) {
			case "metadata_field" -> {
				String name = text(arguments.get(1));
				if (name != null) {
					this.safeFields.add(name);
					if (isMetadata(arguments.get(0))) {
						this.metadataAsWhole--;
					}
				}
			}
			case "matches" -> {
				String pattern = text(arguments.get(arguments.size() - 1));
				if (pattern != null) {
					this.patterns.add(pattern);
				}
			}
			default -> {
			}
		}
	}

	/**
	 * The path of a selection, by dot or by index, that begins at metadata, else null.
	 */
	private static @Nullable String path(CelExpr expression) {
		CelExpr operand;
		String field;
		if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT) {
			operand = expression.select().operand();
			field = expression.select().field();
		}
		else if (expression.getKind() == CelExpr.ExprKind.Kind.CALL && expression.call().function().equals("_[_]")) {
			operand = expression.call().args().get(0);
			field = text(expression.call().args().get(1));
		}
		else {
			return null;
		}
		if (field == null || isMetadata(operand)) {
			return field;
		}
		String outer = path(operand);
		return (outer != null) ? outer + "." + field : null;
	}

	/** What a selection selects from. */
	private static CelExpr operand(CelExpr selection) {
		return (selection.getKind() == CelExpr.ExprKind.Kind.SELECT) ? selection.select().operand()
				: selection.call().args().get(0);
	}

	private static boolean isMetadata(CelExpr expression) {
		return expression.getKind() == CelExpr.ExprKind.Kind.IDENT && expression.ident().name().equals("metadata");
	}

	private static @Nullable String text(CelExpr expression) {
		return (expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
				&& expression.constant().getKind() == CelConstant.Kind.STRING_VALUE)
						? expression.constant().stringValue() : null;
	}

	/** The patterns of {@code matches} that are constants. */
	List<String> patterns() {
		return this.patterns;
	}

	/** Whether it can say one thing of one entry and another of the next. */
	boolean looksAtEntry() {
		return this.looksAtEntry;
	}

	Set<String> metadataFields() {
		Set<String> fields = new TreeSet<>(this.bareFields);
		fields.addAll(this.testedFields);
		fields.addAll(this.safeFields);
		return fields;
	}

	/** The paths that are read to their end, and not only on the way to longer ones. */
	Set<String> readFields() {
		Set<String> fields = new TreeSet<>(this.safeFields);
		this.uses.forEach((path, count) -> {
			if (count > 0) {
				fields.add(path);
			}
		});
		return fields;
	}

	/** Whether metadata is looked at otherwise than by the names of its fields. */
	boolean looksAtAllMetadata() {
		return this.metadataAsWhole > 0;
	}

	boolean looksAtExpiration() {
		return this.looksAtExpiration;
	}

	List<String> warnings(boolean keep) {
		List<String> warnings = new ArrayList<>();
		for (String pattern : this.patterns) {
			if (pattern.startsWith("^") && pattern.endsWith("$")) {
				continue;
			}
			warnings.add("matches('" + pattern
					+ "') looks anywhere in the text: anchor it with ^ and $ if you mean all of it");
		}
		if (keep) {
			for (String field : this.bareFields) {
				if (!this.testedFields.contains(field) && !isOnTheWay(field)) {
					warnings.add("every entry without metadata." + field + " is held: write metadata.field('" + field
							+ "') if these may go");
				}
			}
		}
		return warnings;
	}

	/** Whether a longer path is named, of which the warning speaks already. */
	private boolean isOnTheWay(String field) {
		return this.bareFields.stream().anyMatch((other) -> other.startsWith(field + "."));
	}

}
