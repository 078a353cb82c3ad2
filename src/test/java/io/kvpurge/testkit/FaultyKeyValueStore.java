package io.kvpurge.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.TransientStoreException;

/**
 * A store that fails at random: before the work, behind it, in the middle of it. It knows
 * what was really deleted, which its answers do not always say.
 */
public final class FaultyKeyValueStore extends ForwardingKeyValueStore {

	private static final int LONGEST_DELAY_NANOS = 500_000;

	private final Random random;

	private final double faults;

	private final Predicate<Key> refused;

	private final Map<Key, Integer> deleted = new ConcurrentHashMap<>();

	/**
	 * @param faults the probability that a call fails in some way, 0 to 1
	 * @param refused keys that are never deleted
	 */
	public FaultyKeyValueStore(KeyValueStore store, long seed, double faults, Predicate<Key> refused) {
		super(store);
		this.random = new Random(seed);
		this.faults = faults;
		this.refused = refused;
	}

	/** How often each key was deleted in truth. */
	public Map<Key, Integer> deleted() {
		return new HashMap<>(this.deleted);
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		delayOrFail();
		return super.list(range, from, limit);
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		delayOrFail();
		return super.find(keys);
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		delay();
		if (this.random.nextDouble() >= this.faults) {
			return really(entries);
		}
		List<KeyEntry> first = entries.subList(0, entries.size() / 3);
		List<KeyEntry> second = entries.subList(entries.size() / 3, entries.size() / 2);
		List<KeyEntry> third = entries.subList(entries.size() / 2, entries.size());
		return switch (this.random.nextInt(4)) {
			case 0 -> undone(entries);
			case 1 -> doubtful(entries, true);
			case 2 -> doubtful(entries, false);
			default -> really(first).and(undone(second)).and(doubtful(third, this.random.nextBoolean()));
		};
	}

	private DeleteResult undone(List<KeyEntry> entries) {
		return DeleteResult.allUndone(keys(entries), new TransientStoreException("busy", null, null));
	}

	private DeleteResult doubtful(List<KeyEntry> entries, boolean done) {
		if (done) {
			really(entries);
		}
		return DeleteResult.allDoubtful(keys(entries), new TransientStoreException("no answer", null, null));
	}

	private DeleteResult really(List<KeyEntry> entries) {
		Map<Key, String> no = new HashMap<>();
		List<KeyEntry> yes = new ArrayList<>();
		for (KeyEntry entry : entries) {
			if (this.refused.test(entry.key())) {
				no.put(entry.key(), "locked");
			}
			else {
				yes.add(entry);
			}
		}
		DeleteResult result = super.delete(yes);
		result.deleted().forEach((key) -> this.deleted.merge(key, 1, Integer::sum));
		return result.and(new DeleteResult(List.of(), List.of(), List.of(), no, List.of(), List.of(), null));
	}

	private static List<Key> keys(List<KeyEntry> entries) {
		return entries.stream().map(KeyEntry::key).toList();
	}

	private void delayOrFail() {
		delay();
		if (this.random.nextDouble() < this.faults) {
			throw new TransientStoreException("busy", null, null);
		}
	}

	private void delay() {
		if (this.random.nextInt(4) == 0) {
			LockSupport.parkNanos(this.random.nextInt(LONGEST_DELAY_NANOS));
		}
	}

}
