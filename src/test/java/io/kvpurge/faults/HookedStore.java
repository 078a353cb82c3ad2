package io.kvpurge.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.testkit.ForwardingKeyValueStore;

/** Springs the trap at calls to the store, and makes calls small and many. */
final class HookedStore extends ForwardingKeyValueStore {

	private final Trap trap;

	private final EventLog events;

	private final Sabotage sabotage;

	private final long pauseNanos;

	private final boolean listsTwice;

	/**
	 * Makes one.
	 * @param settleDelay nothing where a killed child is launched again only when the
	 * database knows that it is dead
	 */
	HookedStore(KeyValueStore store, Trap trap, EventLog events, int pageLimit, int bulkLimit, Duration settleDelay,
			Launch launch) {
		super(store, store.capabilities().withLimits(pageLimit, bulkLimit).withSettleDelay(settleDelay));
		this.trap = trap;
		this.events = events;
		this.sabotage = launch.sabotage();
		this.listsTwice = launch.fault() == Fault.LISTS_TWICE;
		this.pauseNanos = (launch.fault() == Fault.SLOW || launch.fault() == Fault.SESSIONS_ENDED)
				? TimeUnit.MILLISECONDS.toNanos(8) : 0;
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		LockSupport.parkNanos(this.pauseNanos);
		this.trap.reach(Point.ANY);
		KeyPage page = super.list(range, from, limit);
		this.events.write(EventLog.LISTED + range.prefix());
		return this.listsTwice ? repeating(page) : page;
	}

	private static KeyPage repeating(KeyPage page) {
		List<KeyEntry> entries = new ArrayList<>(page.entries());
		entries.addAll(page.entries().subList(0, Math.min(2, entries.size())));
		return new KeyPage(entries, page.next());
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		this.trap.reach(Point.ANY);
		List<KeyEntry> found = super.find(keys);
		if (this.sabotage == Sabotage.DELETES_AGAIN) {
			super.delete(found);
			return super.find(keys);
		}
		return found;
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		if (entries.stream().map(KeyEntry::key).distinct().count() != entries.size()) {
			throw new IllegalArgumentException("asked to delete a key twice in one call");
		}
		this.trap.reach(Point.AFTER_ANNOUNCE);
		this.trap.reach(Point.ANY);
		if (this.trap.springs(Point.MID_DELETE)) {
			super.delete(entries.subList(0, (entries.size() + 1) / 2));
			this.trap.kill();
		}
		LockSupport.parkNanos(this.pauseNanos);
		DeleteResult result = super.delete(entries);
		this.trap.reach(Point.AFTER_DELETE);
		this.trap.reach(Point.ANY);
		return result;
	}

}
