package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.policy.SimpleRetryPolicy;
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
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Makes calls again that failed in passing. A delete is sent again only for the keys that
 * it certainly did not delete; what is doubtful is left to those who can look. Cheap to
 * make: each range has its own around the one store, with its own meter. Closing it
 * closes nothing.
 */
public final class ResilientKeyValueStore implements KeyValueStore {

	private final KeyValueStore store;

	private final RetrySettings settings;

	private final CallMeter meter;

	private final RetryTemplate retry;

	private final Runnable permission;

	/**
	 * @param store the store
	 * @param settings how often and for how long
	 * @param meter counts the calls
	 * @param waiter waits between two attempts; where it is interrupted, the call is
	 * given up as after its last attempt
	 */
	public ResilientKeyValueStore(KeyValueStore store, RetrySettings settings, CallMeter meter, Waiter waiter) {
		this(store, settings, meter, waiter, () -> {
		});
	}

	/**
	 * As the other constructor.
	 * @param permission is asked right before every delete that is sent, repeated ones
	 * included; what it throws ends the call
	 */
	public ResilientKeyValueStore(KeyValueStore store, RetrySettings settings, CallMeter meter, Waiter waiter,
			Runnable permission) {
		this.store = store;
		this.permission = permission;
		this.settings = settings;
		this.meter = meter;
		this.retry = new RetryTemplate();
		this.retry
			.setRetryPolicy(new SimpleRetryPolicy(settings.attempts(), Map.of(TransientStoreException.class, true)));
		this.retry.setBackOffPolicy(new RetryAfterBackOffPolicy(settings, waiter));
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return repeat(() -> this.store.split(prefixes, wanted), this.meter::countOther);
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		return repeat(() -> this.store.list(range, from, limit), this.meter::countList);
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		return repeat(() -> this.store.find(keys), this.meter::countOther);
	}

	@Override
	public List<KeyValue> read(Collection<Key> keys) {
		return repeat(() -> this.store.read(keys), this.meter::countOther);
	}

	@Override
	public void write(List<KeyValue> entries) {
		repeat(() -> {
			this.store.write(entries);
			return true;
		}, this.meter::countOther);
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		return new Deletion(entries).perform();
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

	private <T> T repeat(Supplier<T> call, Runnable count) {
		@Nullable TransientStoreException[] last = new TransientStoreException[1];
		try {
			return this.retry.execute((context) -> {
				count.run();
				countRetry(context);
				try {
					return call.get();
				}
				catch (TransientStoreException ex) {
					last[0] = ex;
					throw ex;
				}
			});
		}
		catch (BackOffInterruptedException ex) {
			throw (last[0] != null) ? last[0] : new StoreException("gave up", ex);
		}
	}

	private void countRetry(RetryContext context) {
		if (context.getRetryCount() > 0) {
			this.meter.countRetry();
		}
	}

	/** One delete and its repetitions. */
	private final class Deletion {

		private final long startedNanos = System.nanoTime();

		private List<KeyEntry> pending;

		private DeleteResult result = DeleteResult.allDeleted(List.of());

		/** Why the pending keys are undone. */
		private @Nullable StoreException cause;

		Deletion(List<KeyEntry> entries) {
			this.pending = entries;
		}

		DeleteResult perform() {
			try {
				ResilientKeyValueStore.this.retry.execute(this::attempt);
				return this.result;
			}
			catch (TransientStoreException ex) {
				return givenUp(ex);
			}
			catch (BackOffInterruptedException ex) {
				return givenUp(new TransientStoreException("gave up waiting to delete again", ex, null));
			}
		}

		private boolean attempt(RetryContext context) {
			if (context.getRetryCount() > 0 && isLate()) {
				// The wait was too long: what is too old must be listed again.
				context.setExhaustedOnly();
				throw asTransient(this.cause);
			}
			ResilientKeyValueStore.this.permission.run();
			ResilientKeyValueStore.this.meter.countDelete();
			countRetry(context);
			DeleteResult answer = send();
			this.result = this.result.and(answer.withoutUndone());
			if (answer.undone().isEmpty()) {
				this.pending = List.of();
				return true;
			}
			Set<Key> undone = new HashSet<>(answer.undone());
			List<KeyEntry> rest = new ArrayList<>();
			this.pending.stream().filter((entry) -> undone.contains(entry.key())).forEach(rest::add);
			this.pending = rest;
			this.cause = answer.cause();
			// What failed for good fails again, what is doubtful must be looked
			// into, and what is too old must be listed again.
			if (!(this.cause instanceof TransientStoreException) || !answer.doubtful().isEmpty() || isLate()) {
				context.setExhaustedOnly();
			}
			throw asTransient(this.cause);
		}

		private DeleteResult send() {
			try {
				return ResilientKeyValueStore.this.store.delete(this.pending);
			}
			catch (TransientStoreException ex) {
				return DeleteResult.allUndone(this.pending.stream().map(KeyEntry::key).toList(), ex);
			}
			catch (StoreException ex) {
				if (this.result.equals(DeleteResult.allDeleted(List.of()))) {
					throw ex;
				}
				return DeleteResult.allUndone(this.pending.stream().map(KeyEntry::key).toList(), ex);
			}
		}

		private boolean isLate() {
			Duration passed = Duration.ofNanos(System.nanoTime() - this.startedNanos);
			return passed.compareTo(ResilientKeyValueStore.this.settings.deletesFor()) >= 0;
		}

		private DeleteResult givenUp(TransientStoreException failure) {
			return this.result.and(DeleteResult.allUndone(this.pending.stream().map(KeyEntry::key).toList(),
					(this.cause != null) ? this.cause : failure));
		}

		private static TransientStoreException asTransient(@Nullable StoreException cause) {
			if (cause instanceof TransientStoreException transientCause) {
				return transientCause;
			}
			return new TransientStoreException(
					(cause != null) ? String.valueOf(cause.getMessage()) : "some keys were not deleted", cause, null);
		}

	}

}
