package io.kvpurge.store.redis;

import java.util.BitSet;
import java.util.StringJoiner;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.SlotHash;

import io.kvpurge.store.Key;

/** Some of the slots among which a cluster's keys are divided. Immutable. */
final class SlotSet {

	static final SlotSet NONE = new SlotSet(new BitSet());

	static final SlotSet ALL = of(0, SlotHash.SLOT_COUNT - 1);

	private final BitSet slots;

	private SlotSet(BitSet slots) {
		this.slots = slots;
	}

	/** The slots from one to another, both included. */
	static SlotSet of(int first, int last) {
		if (first < 0 || last < first || last >= SlotHash.SLOT_COUNT) {
			throw new IllegalArgumentException("no slots: " + first + "-" + last);
		}
		BitSet slots = new BitSet(SlotHash.SLOT_COUNT);
		slots.set(first, last + 1);
		return new SlotSet(slots);
	}

	/**
	 * The inverse of {@link #toString()}.
	 * @throws IllegalArgumentException if it is another text
	 */
	static SlotSet parse(String text) {
		SlotSet all = NONE;
		for (String piece : text.isEmpty() ? new String[0] : text.split(",", -1)) {
			String[] ends = piece.split("-", -1);
			if (ends.length > 2) {
				throw new IllegalArgumentException("no slots: " + piece);
			}
			all = all.and(of(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
		}
		return all;
	}

	boolean contains(Key key) {
		return contains(SlotHash.getSlot(key.bytes()));
	}

	boolean contains(int slot) {
		return this.slots.get(slot);
	}

	IntStream stream() {
		return this.slots.stream();
	}

	boolean isEmpty() {
		return this.slots.isEmpty();
	}

	/** These and those. */
	SlotSet and(SlotSet others) {
		BitSet all = copy();
		all.or(others.slots);
		return new SlotSet(all);
	}

	/** These without those. */
	SlotSet without(SlotSet others) {
		BitSet rest = copy();
		rest.andNot(others.slots);
		return new SlotSet(rest);
	}

	/** Those that are in both. */
	SlotSet within(SlotSet others) {
		BitSet both = copy();
		both.and(others.slots);
		return new SlotSet(both);
	}

	private BitSet copy() {
		return (BitSet) this.slots.clone();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof SlotSet those && this.slots.equals(those.slots);
	}

	@Override
	public int hashCode() {
		return this.slots.hashCode();
	}

	/** {@code 0-5460,7000}. */
	@Override
	public String toString() {
		StringJoiner text = new StringJoiner(",");
		for (int first = this.slots.nextSetBit(0); first >= 0; first = this.slots.nextSetBit(first)) {
			int end = this.slots.nextClearBit(first);
			text.add((end == first + 1) ? String.valueOf(first) : first + "-" + (end - 1));
			first = end;
		}
		return text.toString();
	}

}
