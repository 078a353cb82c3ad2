package io.kvpurge.job;

import java.util.ArrayList;
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

	private static final long LARGE_PAGE = 8L << 20;

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
		for (; !wanted.isEmpty() && sequence >= 1 && sequence <= this.deleted.calls(); sequence += this.source.step()) {
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
		Page page = new Page(found);
		try {
			this.source.segment(range, sequence).forEach((saved) -> {
				if (wanted.contains(saved.key())) {
					page.add(saved);
				}
			});
		}
		catch (BackupException ex) {
			// What is not known to be put back is tried again, and named then.
		}
		page.flush();
	}

	private final class Page {

		private final Map<Key, Outcome> found;

		private final List<KeyValue> entries = new ArrayList<>();

		private long bytes;

		Page(Map<Key, Outcome> found) {
			this.found = found;
		}

		void add(KeyValue saved) {
			this.entries.add(saved);
			this.bytes += (saved.value() != null) ? saved.value().length() : 0;
			if (this.entries.size() >= PAGE || this.bytes >= LARGE_PAGE) {
				flush();
			}
		}

		void flush() {
			Map<Key, KeyValue> now = new HashMap<>();
			LookingForRestored.this.store.readStored(this.entries.stream().map(KeyValue::key).toList())
				.forEach((stored) -> now.put(stored.entry().key(), stored.content()));
			for (KeyValue saved : this.entries) {
				KeyValue there = now.get(saved.key());
				if (there != null && isSame(saved, there)) {
					this.found.put(saved.key(), Outcome.FOUND);
				}
			}
			this.entries.clear();
			this.bytes = 0;
		}

		/** Not every store tells when what it has expires, or has columns. */
		private static boolean isSame(KeyValue saved, KeyValue there) {
			return Objects.equals(saved.value(), there.value()) && (there.columns().isEmpty()
					? saved.metadata().equals(there.metadata()) : saved.columns().equals(there.columns()));
		}

	}

}
