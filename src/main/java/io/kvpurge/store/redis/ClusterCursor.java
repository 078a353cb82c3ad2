package io.kvpurge.store.redis;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.CursorRefusedException;

/**
 * Where a page of a cluster's listing begins.
 *
 * @param open the slots whose keys were not all listed
 * @param node the server that is being listed, null for none yet
 * @param slots those of the open slots that it has held without a break since its listing
 * began
 * @param scan where in its listing
 */
record ClusterCursor(SlotSet open, @Nullable String node, SlotSet slots, ScanCursor scan) {

	/** Before the first key of these slots. */
	static ClusterCursor of(SlotSet open) {
		return new ClusterCursor(open, null, SlotSet.NONE, ScanCursor.start(""));
	}

	static ClusterCursor parse(Cursor cursor) {
		String[] parts = cursor.value().split("/", 4);
		try {
			if (parts.length == 1) {
				return of(SlotSet.parse(parts[0]));
			}
			if (parts.length == 4) {
				return new ClusterCursor(SlotSet.parse(parts[0]), parts[1], SlotSet.parse(parts[2]),
						ScanCursor.parse(new Cursor(parts[3])));
			}
		}
		catch (IllegalArgumentException ex) {
			// told below
		}
		throw new CursorRefusedException("cannot list: the cursor is none of this store's");
	}

	/** The same, with fewer slots that were held without a break. */
	ClusterCursor with(SlotSet held) {
		return new ClusterCursor(this.open, this.node, held, this.scan);
	}

	/** Behind a page; null behind the last of all. */
	@Nullable Cursor behind(@Nullable ScanCursor next) {
		if (next != null) {
			return new ClusterCursor(this.open, this.node, this.slots, next).cursor();
		}
		SlotSet rest = this.open.without(this.slots);
		return rest.isEmpty() ? null : of(rest).cursor();
	}

	private Cursor cursor() {
		return new Cursor((this.node == null) ? this.open.toString()
				: this.open + "/" + this.node + "/" + this.slots + "/" + this.scan.cursor().value());
	}

}
