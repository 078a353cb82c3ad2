package io.kvpurge.store;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Stands before a store and takes secrets out of everything that it says: the one place
 * through which its messages reach logs, ledger and reports.
 */
public final class RedactedKeyValueStore implements KeyValueStore {

	private final KeyValueStore store;

	private final SecretRedactor redactor;

	public RedactedKeyValueStore(KeyValueStore store, SecretRedactor redactor) {
		this.store = store;
		this.redactor = redactor;
	}

	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return redacting(() -> this.store.split(prefixes, wanted));
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		return redacting(() -> this.store.list(range, from, limit));
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		return redacting(() -> this.store.find(keys));
	}

	@Override
	public List<KeyValue> read(Collection<Key> keys) {
		return redacting(() -> this.store.read(keys));
	}

	@Override
	public List<StoredEntry> readStored(Collection<Key> keys) {
		return redacting(() -> this.store.readStored(keys));
	}

	@Override
	public void write(List<KeyValue> entries) {
		redacting(() -> {
			this.store.write(entries);
			return true;
		});
	}

	@Override
	public List<Key> add(List<KeyValue> entries) {
		return redacting(() -> this.store.add(entries));
	}

	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		DeleteResult result = redacting(() -> this.store.delete(entries));
		if (result.refused().isEmpty() && result.cause() == null) {
			return result;
		}
		Map<Key, String> refused = new LinkedHashMap<>();
		result.refused().forEach((key, reason) -> refused.put(key, this.redactor.redact(reason)));
		return new DeleteResult(result.deleted(), result.vanished(), result.spared(), refused, result.undone(),
				result.doubtful(), this.redactor.redactNullable(result.cause()));
	}

	@Override
	public String identity() {
		return this.store.identity(); // has none, and must not depend on one
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.store.capabilities();
	}

	@Override
	public @Nullable RateLimit takeRateLimit() {
		return this.store.takeRateLimit();
	}

	@Override
	public @Nullable String strain() {
		return this.store.strain();
	}

	@Override
	public StoreTerms terms() {
		return this.store.terms();
	}

	@Override
	public void close() {
		this.store.close();
	}

	private <T> T redacting(Supplier<T> call) {
		try {
			return call.get();
		}
		catch (StoreException ex) {
			throw this.redactor.redact(ex);
		}
	}

}
