package io.kvpurge.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.kvpurge.backup.RunBackup;
import io.kvpurge.backup.SegmentWriter;
import io.kvpurge.backup.UnsavableEntryException;
import io.kvpurge.ledger.LedgerCall;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyReader;
import io.kvpurge.store.StoredEntry;

/**
 * Saves entries right before their delete, and deletes what was saved. What is read is
 * judged again, as {@link RecheckedDelete} does. What cannot be saved is refused. If the
 * segment cannot be written, nothing of the batch is deleted.
 */
final class SavedDelete implements BatchSender {

	private final KeyReader reader;

	private final int readLimit;

	private final RunBackup backup;

	private final int range;

	private final SecondJudgement judgement;

	private final BatchSender deleter;

	/**
	 * How large values are shows when they were read: it follows from the page before.
	 */
	private int pageSize = 1;

	/**
	 * @param readLimit how many keys a read may name
	 * @param range the number of the range whose entries these are
	 */
	SavedDelete(KeyReader reader, int readLimit, RunBackup backup, int range, SecondJudgement judgement,
			BatchSender deleter) {
		this.reader = reader;
		this.readLimit = readLimit;
		this.backup = backup;
		this.range = range;
		this.judgement = judgement;
		this.deleter = deleter;
	}

	@Override
	public DeleteResult send(LedgerCall call, List<MatchedEntry> entries, Duration within) {
		long begun = System.nanoTime();
		SecondJudgement.Batch batch = this.judgement.begin();
		Map<Key, String> refused = new LinkedHashMap<>();
		List<MatchedEntry> saved = save(call.sequence(), entries, batch, refused);
		DeleteResult stayed = batch.stayed()
			.and(new DeleteResult(List.of(), List.of(), List.of(), refused, List.of(), List.of(), null));
		return saved.isEmpty() ? stayed
				: stayed.and(this.deleter.send(call, saved, this.judgement.left(within, begun)));
	}

	/** The entries that stand in a finished segment. */
	private List<MatchedEntry> save(int call, List<MatchedEntry> entries, SecondJudgement.Batch batch,
			Map<Key, String> refused) {
		List<MatchedEntry> saved = new ArrayList<>();
		try (SegmentWriter segment = this.backup.begin(this.range, call)) {
			for (int start = 0; start < entries.size();) {
				List<MatchedEntry> page = entries.subList(start, Math.min(entries.size(), start + this.pageSize));
				savePage(page, batch, segment, saved, refused);
				start += page.size();
			}
			if (!saved.isEmpty()) {
				segment.finish();
			}
			return saved;
		}
	}

	private void savePage(List<MatchedEntry> page, SecondJudgement.Batch batch, SegmentWriter segment,
			List<MatchedEntry> saved, Map<Key, String> refused) {
		Map<Key, StoredEntry> found = new LinkedHashMap<>();
		this.reader.readStored(page.stream().map(MatchedEntry::key).toList())
			.forEach((stored) -> found.put(stored.entry().key(), stored));
		long bytes = 0;
		for (MatchedEntry listed : page) {
			StoredEntry stored = found.get(listed.key());
			KeyEntry now = batch.judge(listed.key(), (stored != null) ? stored.entry() : null);
			if (now == null || stored == null) {
				continue;
			}
			try {
				segment.add(stored.content());
				saved.add(listed.as(now));
				bytes += ValuePages.bytes(stored.content());
			}
			catch (UnsavableEntryException ex) {
				refused.put(listed.key(), String.valueOf(ex.getMessage()));
			}
		}
		this.pageSize = (bytes > ValuePages.LARGE) ? Math.max(1, this.pageSize / 2)
				: (bytes < ValuePages.LARGE / 4) ? Math.min(this.readLimit, this.pageSize * 2) : this.pageSize;
	}

}
