package io.kvpurge.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What became of the keys handed to {@link KeyDeleter#delete}: each stands in exactly one
 * of the six.
 *
 * @param deleted gone by this call (or, unless the store
 * {@link StoreCapability#TELLS_VANISHED}, gone already)
 * @param vanished gone before this call
 * @param spared certainly still there: rewritten since it was listed
 * @param refused certainly still there: the store will not delete it, and says why
 * @param undone certainly not deleted by this call; sending it again may help
 * @param doubtful perhaps deleted, perhaps not: never to be sent again without looking
 * @param cause why keys are undone or doubtful, null if none are
 */
public record DeleteResult(List<Key> deleted, List<Key> vanished, List<Key> spared, Map<Key, String> refused,
		List<Key> undone, List<Key> doubtful, @Nullable StoreException cause) {

	public DeleteResult {
		deleted = List.copyOf(deleted);
		vanished = List.copyOf(vanished);
		spared = List.copyOf(spared);
		refused = Map.copyOf(refused);
		undone = List.copyOf(undone);
		doubtful = List.copyOf(doubtful);
		if (cause == null && !(undone.isEmpty() && doubtful.isEmpty())) {
			throw new IllegalArgumentException("undone or doubtful keys need a cause");
		}
	}

	/** All keys deleted. */
	public static DeleteResult allDeleted(List<Key> keys) {
		return new DeleteResult(keys, List.of(), List.of(), Map.of(), List.of(), List.of(), null);
	}

	/** All keys undone. */
	public static DeleteResult allUndone(List<Key> keys, StoreException cause) {
		return new DeleteResult(List.of(), List.of(), List.of(), Map.of(), keys, List.of(), cause);
	}

	/** All keys doubtful. */
	public static DeleteResult allDoubtful(List<Key> keys, StoreException cause) {
		return new DeleteResult(List.of(), List.of(), List.of(), Map.of(), List.of(), keys, cause);
	}

	/** This result and that of another call with other keys. */
	public DeleteResult and(DeleteResult other) {
		Map<Key, String> allRefused = new LinkedHashMap<>(this.refused);
		allRefused.putAll(other.refused);
		return new DeleteResult(join(this.deleted, other.deleted), join(this.vanished, other.vanished),
				join(this.spared, other.spared), allRefused, join(this.undone, other.undone),
				join(this.doubtful, other.doubtful), (other.cause != null) ? other.cause : this.cause);
	}

	/** This result without its undone keys: for a caller that sends those again. */
	public DeleteResult withoutUndone() {
		return new DeleteResult(this.deleted, this.vanished, this.spared, this.refused, List.of(), this.doubtful,
				this.doubtful.isEmpty() ? null : this.cause);
	}

	private static List<Key> join(List<Key> first, List<Key> second) {
		if (first.isEmpty() || second.isEmpty()) {
			return first.isEmpty() ? second : first;
		}
		List<Key> all = new ArrayList<>(first.size() + second.size());
		all.addAll(first);
		all.addAll(second);
		return all;
	}

}
