package io.kvpurge.filter;

/** What the rule says of an entry. Only {@link #MATCHED} lets it go. */
public enum Verdict {

	/** The selection does not name it: stays. */
	UNMATCHED,
	/** Selected, but {@code keep} holds it, or cannot be decided: stays. */
	HELD,
	/** The selection cannot be decided: stays. */
	UNDECIDED,
	/** Selected and not held: goes. */
	MATCHED

}
