package io.kvpurge.store.resilient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.support.RetryTemplate;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.UnsuccessfulKeysException;

/** One delete and its repetitions. */
final class RepeatedDelete {

	/** So often is a key sent that the store does not delete without saying why. */
	private static final int UNSUCCESSFUL_ATTEMPTS = 4;

	private final long startedNanos = System.nanoTime();

	private final KeyValueStore store;

	private final PacedCalls calls;

	private final CallMeter meter;

	private final Runnable permission;

	private final Duration within;

	private List<KeyEntry> pending;

	private DeleteResult result = DeleteResult.allDeleted(List.of());

	/** Why the pending keys are undone. */
	private @Nullable StoreException cause;

	private int unsuccessful;

	RepeatedDelete(KeyValueStore store, PacedCalls calls, CallMeter meter, Runnable permission, List<KeyEntry> entries,
			Duration within) {
		this.store = store;
		this.calls = calls;
		this.meter = meter;
		this.permission = permission;
		this.pending = entries;
		this.within = within;
	}

	DeleteResult perform(RetryTemplate retry) {
		try {
			retry.execute(this::attempt);
			return this.result;
		}
		catch (TransientStoreException ex) {
			return givenUp(ex);
		}
		catch (BackOffInterruptedException ex) {
			return givenUp(new TransientStoreException("gave up waiting to delete", ex, null));
		}
	}

	private boolean attempt(RetryContext context) {
		DeleteResult answer = this.calls.<@Nullable DeleteResult>changing(this.pending.size(),
				() -> isLate() ? null : send(context));
		if (answer == null) {
			// The wait was too long: what is too old must be listed again.
			context.setExhaustedOnly();
			throw asTransient(this.cause);
		}
		this.result = this.result.and(answer.withoutUndone());
		this.pending = undone(answer);
		if (this.pending.isEmpty()) {
			return true;
		}
		this.cause = answer.cause();
		if (this.cause != null) {
			this.calls.heed(this.cause);
		}
		if (this.cause instanceof UnsuccessfulKeysException && ++this.unsuccessful >= UNSUCCESSFUL_ATTEMPTS) {
			refusePending();
			return true;
		}
		// What failed for good fails again, what is doubtful must be looked into, and
		// what is too old must be listed again.
		if (!(this.cause instanceof TransientStoreException) || !answer.doubtful().isEmpty() || isLate()) {
			context.setExhaustedOnly();
		}
		throw asTransient(this.cause);
	}

	private DeleteResult send(RetryContext context) {
		this.permission.run();
		this.meter.countDelete();
		this.meter.countRetry(context);
		try {
			return this.store.delete(this.pending);
		}
		catch (TransientStoreException ex) {
			return DeleteResult.allUndone(keys(this.pending), ex);
		}
		catch (StoreException ex) {
			if (this.result.equals(DeleteResult.allDeleted(List.of()))) {
				throw ex;
			}
			return DeleteResult.allUndone(keys(this.pending), ex);
		}
	}

	private List<KeyEntry> undone(DeleteResult answer) {
		if (answer.undone().isEmpty()) {
			return List.of();
		}
		Set<Key> undone = new HashSet<>(answer.undone());
		List<KeyEntry> rest = new ArrayList<>();
		this.pending.stream().filter((entry) -> undone.contains(entry.key())).forEach(rest::add);
		return rest;
	}

	private void refusePending() {
		Map<Key, String> refused = new LinkedHashMap<>();
		String reason = "the store answered " + this.unsuccessful + " times that it did not delete it, and not why";
		this.pending.forEach((entry) -> refused.put(entry.key(), reason));
		this.result = this.result
			.and(new DeleteResult(List.of(), List.of(), List.of(), refused, List.of(), List.of(), null));
		this.pending = List.of();
	}

	private boolean isLate() {
		return Duration.ofNanos(System.nanoTime() - this.startedNanos).compareTo(this.within) >= 0;
	}

	private DeleteResult givenUp(TransientStoreException failure) {
		return this.result.and(DeleteResult.allUndone(keys(this.pending), (this.cause != null) ? this.cause : failure));
	}

	private static List<Key> keys(List<KeyEntry> entries) {
		return entries.stream().map(KeyEntry::key).toList();
	}

	private static TransientStoreException asTransient(@Nullable StoreException cause) {
		if (cause instanceof TransientStoreException transientCause) {
			return transientCause;
		}
		return new TransientStoreException((cause != null) ? String.valueOf(cause.getMessage())
				: "the keys waited too long for their delete and are listed again", cause, null);
	}

}
