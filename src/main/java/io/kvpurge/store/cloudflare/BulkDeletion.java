package io.kvpurge.store.cloudflare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.BatchTooLargeException;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.UnsuccessfulKeysException;
import io.kvpurge.store.cloudflare.CloudflareFailures.Failure;
import io.kvpurge.store.jsonl.JsonValues;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Deletes keys in bulk, and tells what became of each. A key counts as deleted only if
 * the numbers of the answer add up.
 */
final class BulkDeletion {

	private final NamespaceCalls calls;

	private final String what;

	BulkDeletion(NamespaceCalls calls) {
		this.calls = calls;
		this.what = calls.cannot("delete from");
	}

	/**
	 * Deletes keys in one call.
	 * @param keys distinct keys, as many as one call may name
	 * @throws StoreException if certainly nothing was deleted, and will not be
	 */
	DeleteResult delete(List<Key> keys) {
		Answer answer;
		try {
			answer = this.calls.bulkDelete(JsonValues.text(keys.stream().map(Key::text).toList()).getBytes(UTF_8));
		}
		catch (IOException ex) {
			Failure failure = CloudflareFailures.judge(this.what, ex);
			return failure.isNotDone() ? DeleteResult.allUndone(keys, failure.exception())
					: DeleteResult.allDoubtful(keys, failure.exception());
		}
		Envelope envelope = Envelope.parse(answer.body());
		DeleteResult told = told(keys, answer, envelope);
		return (told != null) ? told : failed(keys, CloudflareFailures.judge(this.what, answer, envelope));
	}

	/** What the answer tells key by key, whatever its status; null if it does not. */
	private @Nullable DeleteResult told(List<Key> keys, Answer answer, @Nullable Envelope envelope) {
		if (envelope == null) {
			return null;
		}
		boolean success = answer.isOk() && envelope.success();
		if (success && envelope.result() == null) {
			// All of the result is optional; what is said all the same is plain success.
			return DeleteResult.allDeleted(keys);
		}
		if (!(envelope.result() instanceof Map<?, ?> result)) {
			return null;
		}
		List<?> named = (result.get("unsuccessful_keys") instanceof List<?> list) ? list : List.of();
		long untold = (success && !result.containsKey("successful_key_count")) ? keys.size() - named.size() : -1;
		long done = (result.get("successful_key_count") instanceof Long count) ? count : untold;
		if (done <= 0 && named.isEmpty()) {
			return null;
		}
		Set<Object> left = new HashSet<>(named);
		List<Key> undone = keys.stream().filter((key) -> left.contains(key.text())).toList();
		boolean addsUp = undone.size() == left.size() && done + left.size() == keys.size();
		if (!addsUp || (undone.isEmpty() && !success)) {
			return DeleteResult.allDoubtful(keys,
					new TransientStoreException(this.what + ": the answer does not add up: of " + keys.size()
							+ " keys, " + ((done < 0) ? "an unknown number" : done) + " deleted, " + left.size()
							+ " not deleted (HTTP " + answer.status() + ")", null, null));
		}
		return undone.isEmpty() ? DeleteResult.allDeleted(keys)
				: partly(keys, undone, success ? null : CloudflareFailures.judge(this.what, answer, envelope));
	}

	private DeleteResult partly(List<Key> keys, List<Key> undone, @Nullable Failure failure) {
		StoreException cause = (failure != null && failure.isReason()) ? failure.exception()
				: new UnsuccessfulKeysException(this.what + ": the service did not delete " + undone.size() + " of "
						+ keys.size() + " keys, '" + undone.get(0) + "' the first, and does not say why");
		if (undone.size() == keys.size() && !(cause instanceof TransientStoreException)) {
			throw cause;
		}
		Set<Key> left = new HashSet<>(undone);
		List<Key> deleted = new ArrayList<>(keys.size());
		keys.stream().filter((key) -> !left.contains(key)).forEach(deleted::add);
		return DeleteResult.allDeleted(deleted).and(DeleteResult.allUndone(undone, cause));
	}

	private static DeleteResult failed(List<Key> keys, Failure failure) {
		StoreException cause = failure.exception();
		if (!failure.isNotDone()) {
			return DeleteResult.allDoubtful(keys, cause);
		}
		if (cause instanceof TransientStoreException || (cause instanceof BatchTooLargeException && keys.size() > 1)) {
			return DeleteResult.allUndone(keys, cause);
		}
		throw (cause instanceof BatchTooLargeException) ? new StoreException(String.valueOf(cause.getMessage()))
				: cause;
	}

}
