package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.support.RetryTemplate;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoredEntry;
import io.kvpurge.store.TransientStoreException;

/**
 * Makes calls at the pace that the store allows, and again where they failed in passing.
 * A delete is sent again only for the keys that it certainly did not delete; what is
 * doubtful is left to those who can look. Cheap to make: each range has its own around
 * the one store, with its own meter. Closing it closes nothing.
 */
public final class ResilientKeyValueStore implements KeyValueStore {

	private final KeyValueStore store;

	private final RetrySettings settings;

	private final PacedCalls calls;

	private final CallMeter meter;

	private final RetryTemplate retry;

	private final Runnable permission;

	/**
	 * At the store's pace, with nobody else on the way to it.
	 * @param store the store
	 * @param settings how often and for how long
	 * @param meter counts the calls
	 * @param waiter waits between two attempts; where it is interrupted, the call is
	 * given up as after its last attempt
	 */
	public ResilientKeyValueStore(KeyValueStore store, RetrySettings settings, CallMeter meter, Waiter waiter) {
		this(store, settings, Traffic.local(store.capabilities(), null, null), meter, waiter, () -> {
		});
	}

	/**
	 * As the other constructor.
	 * @param traffic of all who work with the store
	 * @param permission is asked right before every delete and every write that is sent,
	 * repeated ones included; what it throws ends the call
	 */
	public ResilientKeyValueStore(KeyValueStore store, RetrySettings settings, Traffic traffic, CallMeter meter,
			Waiter waiter, Runnable permission) {
		this.store = store;
		this.permission = permission;
		this.settings = settings;
		this.meter = meter;
		this.calls = new PacedCalls(store, traffic, waiter);
		this.retry = new RetryTemplate();
		this.retry.setRetryPolicy(new PatientRetryPolicy(settings.attempts()));
		this.retry.setBackOffPolicy(new RetryAfterBackOffPolicy(settings, waiter));
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return repeat(() -> this.store.split(prefixes, wanted), false, this.meter::countOther);
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		return repeat(() -> this.store.list(range, from, limit), false, this.meter::countList);
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		return inParts(keys, this.store::find);
	}

	@Override
	public List<KeyValue> read(Collection<Key> keys) {
		return inParts(keys, this.store::read);
	}

	@Override
	public List<StoredEntry> readStored(Collection<Key> keys) {
		return inParts(keys, this.store::readStored);
	}

	/** One call for each part, so that all of them are counted and keep the pace. */
	private <T> List<T> inParts(Collection<Key> keys, Function<List<Key>, List<T>> reading) {
		int limit = this.store.capabilities().readLimit();
		List<Key> all = List.copyOf(keys);
		List<T> found = new ArrayList<>();
		for (int start = 0; start < all.size(); start += limit) {
			List<Key> part = all.subList(start, Math.min(all.size(), start + limit));
			found.addAll(repeat(() -> reading.apply(part), true, this.meter::countOther));
		}
		return found;
	}

	@Override
	public void write(List<KeyValue> entries) {
		int limit = this.store.capabilities().bulkLimit();
		for (int start = 0; start < entries.size(); start += limit) {
			List<KeyValue> part = entries.subList(start, Math.min(entries.size(), start + limit));
			repeat(() -> {
				this.permission.run();
				this.store.write(part);
				return true;
			}, part.size(), this.meter::countOther);
		}
	}

	/**
	 * Where the store looks and writes at one moment, it is asked once: asked again, it
	 * would show as there what the first time has written.
	 */
	@Override
	public List<Key> add(List<KeyValue> entries) {
		if (!this.store.capabilities().can(StoreCapability.CONDITIONAL_WRITE)) {
			return KeyValueStore.super.add(entries);
		}
		int limit = this.store.capabilities().bulkLimit();
		List<Key> there = new ArrayList<>();
		for (int start = 0; start < entries.size(); start += limit) {
			List<KeyValue> part = entries.subList(start, Math.min(entries.size(), start + limit));
			there.addAll(this.calls.changing(part.size(), () -> {
				this.permission.run();
				this.meter.countOther();
				return this.store.add(part);
			}));
		}
		return there;
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		return delete(entries, this.settings.deletesFor());
	}

	/**
	 * As {@link #delete(List)}, but nothing is sent once so much time has passed: what
	 * was not deleted until then is undone.
	 */
	public DeleteResult delete(List<KeyEntry> entries, Duration within) {
		return new RepeatedDelete(this.store, this.calls, this.meter, this.permission, entries, within)
			.perform(this.retry);
	}

	@Override
	public String identity() {
		return this.store.identity();
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.store.capabilities();
	}

	@Override
	public void close() {
	}

	private <T> T repeat(Supplier<T> call, boolean bulk, Runnable count) {
		return repeat(call, count, (counted) -> bulk ? this.calls.bulk(counted) : this.calls.single(counted));
	}

	/** As a call that changes so many keys. */
	private <T> T repeat(Supplier<T> call, int keys, Runnable count) {
		return repeat(call, count, (counted) -> this.calls.changing(keys, counted));
	}

	private <T> T repeat(Supplier<T> call, Runnable count, Function<Supplier<T>, T> way) {
		@Nullable TransientStoreException[] last = new TransientStoreException[1];
		try {
			return this.retry.execute((context) -> {
				Supplier<T> counted = () -> {
					count.run();
					this.meter.countRetry(context);
					return call.get();
				};
				try {
					return way.apply(counted);
				}
				catch (TransientStoreException ex) {
					last[0] = ex;
					throw ex;
				}
			});
		}
		catch (BackOffInterruptedException ex) {
			throw (last[0] != null) ? last[0]
					: new TransientStoreException("gave up waiting for the store's turn", ex, null);
		}
	}

}
