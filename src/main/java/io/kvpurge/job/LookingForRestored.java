package io.kvpurge.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.kvpurge.backup.BackupException;
import io.kvpurge.ledger.Outcome;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyReader;
import io.kvpurge.store.KeyValue;

/**
 * Looks whether entries are there as they were saved: those were put back by the call.
 * Any other will be looked at again.
 */
final class LookingForRestored implements Looking {

	private static final int PAGE = 100;

	private final RestoreSource source;

	private final DeletedEntries deleted;

	private final KeyReader store;

	LookingForRestored(RestoreSource source, DeletedEntries deleted, KeyReader store) {
		this.source = source;
		this.deleted = deleted;
		this.store = store;
	}

	@Override
	public Map<Key, Outcome> look(RangeWork work, List<Key> doubtful) {
		Map<Key, Outcome> found = new HashMap<>();
		doubtful.forEach((key) -> found.put(key, Outcome.LEFT));
		Set<Key> wanted = new HashSet<>(doubtful);
		int sequence = this.deleted.place(work.saved().position()).sequence();
		for (; !wanted.isEmpty() && this.deleted.has(sequence); sequence += this.source.step()) {
			Set<Key> here = new HashSet<>(this.deleted.deleted(sequence));
			here.retainAll(wanted);
			if (!here.isEmpty()) {
				wanted.removeAll(here);
				look(work.number(), sequence, here, found);
			}
		}
		return found;
	}

	private void look(int range, int sequence, Set<Key> wanted, Map<Key, Outcome> found) {
		ValuePages pages = new ValuePages(PAGE, (page) -> compare(page, found));
		try {
			this.source.segment(range, sequence).forEach((saved) -> {
				if (wanted.contains(saved.key())) {
					pages.add(saved);
				}
			});
		}
		catch (BackupException ex) {
			// What is not known to be put back is tried again, and named then.
		}
		pages.flush();
	}

	private void compare(List<KeyValue> page, Map<Key, Outcome> found) {
		Map<Key, KeyValue> now = new HashMap<>();
		this.store.readStored(page.stream().map(KeyValue::key).toList())
			.forEach((stored) -> now.put(stored.entry().key(), stored.content()));
		for (KeyValue saved : page) {
			KeyValue there = now.get(saved.key());
			if (there != null && isSame(saved, there)) {
				found.put(saved.key(), Outcome.FOUND);
			}
		}
	}

	/** Not every store tells when what it has expires, or has columns. */
	private static boolean isSame(KeyValue saved, KeyValue there) {
		return Objects.equals(saved.value(), there.value()) && (there.columns().isEmpty()
				? saved.metadata().equals(there.metadata()) : saved.columns().equals(there.columns()));
	}

}
