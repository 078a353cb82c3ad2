package io.kvpurge.filter;

import org.jspecify.annotations.Nullable;

/**
 * A verdict and, where a rule could not be decided, why.
 *
 * @param verdict what becomes of the entry
 * @param reason why a rule could not be decided or was not asked, of few distinct texts
 * (it names the field, never a key or value); null where it was decided
 */
public record Decision(Verdict verdict, @Nullable String reason) {

	public static final Decision UNMATCHED = new Decision(Verdict.UNMATCHED, null);

	public static final Decision HELD = new Decision(Verdict.HELD, null);

	/** Held by the configuration, whatever the definition says. */
	public static final Decision PROTECTED = new Decision(Verdict.HELD, "protected by the configuration");

	public static final Decision MATCHED = new Decision(Verdict.MATCHED, null);

}
