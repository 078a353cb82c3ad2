package io.kvpurge.store;

/** What a store may be able to do beyond the least. */
public enum StoreCapability {

	/** A listing shows metadata. */
	METADATA_IN_LISTING,
	/** {@link KeyLister#split} can give more ranges than there are prefixes. */
	SPLITTABLE,
	/**
	 * Listings come in the order of {@link Key#compareTo}: only then may a caller compare
	 * keys to tell which of them a listing has passed.
	 */
	ORDERED,
	/**
	 * A position holds after a restart, {@link ListingPosition#lastKey} is obeyed, and a
	 * listing shows no key twice.
	 */
	RESUMABLE,
	/** An entry that was rewritten since it was listed is spared. */
	CONDITIONAL_DELETE,
	/** A delete tells keys that were gone already from those that it deleted. */
	TELLS_VANISHED,
	/** Entries have values. */
	VALUES,
	/** {@link KeyWriter#add} looks and writes at one moment. */
	CONDITIONAL_WRITE

}
