package io.kvpurge.filter;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cel.runtime.CelEvaluationException;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.EntryFields;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;

/**
 * Decides which entries go: those for which the selection certainly holds, and what is to
 * be kept certainly does not. Immutable; safe for use by several threads.
 */
public final class EntryFilter {

	private final Rule select;

	private final @Nullable Rule keep;

	private final List<Key> protect;

	private final Map<String, Object> fixed;

	private final @Nullable Set<String> named;

	/**
	 * @param select what is selected
	 * @param keep what stays all the same, null for nothing
	 * @param protect what the keys begin with that stay whatever the rules say
	 * @param parameters the values by name, as {@link ParameterType#value} gives them
	 * @param asOf the instant at which rules are judged
	 */
	public EntryFilter(Rule select, @Nullable Rule keep, List<Key> protect, Map<String, Object> parameters,
			Instant asOf) {
		this.protect = List.copyOf(protect);
		this.select = select;
		this.keep = keep;
		Map<String, Object> variables = new HashMap<>();
		parameters.forEach((name, value) -> variables.put("params." + name, value));
		variables.put("asOf", asOf);
		this.fixed = Map.copyOf(variables);
		this.named = outermost(select.entryFields((keep != null) ? keep : select));
	}

	/** With each path all that it may begin with, as a field's own name may have dots. */
	private static @Nullable Set<String> outermost(EntryFields fields) {
		if (fields.allMetadata()) {
			return null;
		}
		Set<String> outermost = new HashSet<>(fields.metadata());
		for (String path : fields.metadata()) {
			for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
				outermost.add(path.substring(0, dot));
			}
		}
		return Set.copyOf(outermost);
	}

	/**
	 * What becomes of an entry. Never throws: what cannot be decided stays. That goes for
	 * metadata too that are nested more deeply than the stack bears.
	 */
	public Decision decide(KeyEntry entry) {
		EntryVariables variables = new EntryVariables(entry, this.fixed, this.named);
		try {
			if (!this.select.holds(variables)) {
				return Decision.UNMATCHED;
			}
		}
		catch (CelEvaluationException | RuntimeException | StackOverflowError ex) {
			return new Decision(Verdict.UNDECIDED, reason(this.select, ex));
		}
		if (this.protect.stream().anyMatch(entry.key()::startsWith)) {
			return Decision.PROTECTED;
		}
		if (this.keep == null) {
			return Decision.MATCHED;
		}
		try {
			return this.keep.holds(variables) ? Decision.HELD : Decision.MATCHED;
		}
		catch (CelEvaluationException | RuntimeException | StackOverflowError ex) {
			return new Decision(Verdict.HELD, "keep: " + reason(this.keep, ex));
		}
	}

	private static String reason(Rule rule, Throwable failure) {
		if (failure instanceof CelEvaluationException ex) {
			return rule.reason(ex);
		}
		return (failure instanceof UndecidableException) ? String.valueOf(failure.getMessage())
				: "the rule fails on the entry (" + failure.getClass().getSimpleName() + ")";
	}

}
