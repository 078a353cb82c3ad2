package io.kvpurge.store;

/** What holds for an entry that is rewritten between its listing and its delete. */
public enum Guarantee {

	/** It lives. */
	COMPARE_AND_DELETE("compare-and-delete"),
	/**
	 * It lives if it was rewritten before it was read a second time, so that it matches
	 * no more; it may be lost if it was rewritten between that and its delete.
	 */
	RECHECK_THEN_DELETE("recheck-then-delete"),
	/** It may be lost; the window is kept short. */
	LIST_THEN_DELETE("list-then-delete");

	private final String text;

	Guarantee(String text) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
