package io.kvpurge.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import io.kvpurge.ledger.Findings;
import io.kvpurge.ledger.KeyOutcome;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.jsonl.JsonValues;

/**
 * Counts which metadata entries of one range have, in the fields that the rule names:
 * those that match, or those that were deleted. However many entries and values there
 * are, it stays small.
 */
final class FindingsTally {

	/** More values of a field than these are counted together. */
	static final int DISTINCT_VALUES = 100;

	static final String OTHER_VALUES = "(other values)";

	static final String NO_VALUE = "(none)";

	/** What was deleted by a call whose process died: nobody has its metadata. */
	static final String UNKNOWN_VALUE = "(unknown)";

	private static final String TOO_DEEP = "(nested too deeply)";

	private static final int LONGEST_VALUE = 100;

	private static final int LONGEST_METADATA = 500;

	private final Set<String> fields;

	/** Whether it counts what was deleted, not what matches. */
	private final boolean deleted;

	private final Map<String, Map<String, Long>> values = new HashMap<>();

	private final List<Findings.Sample> sample;

	private FindingsTally(Set<String> fields, boolean deleted, @Nullable Findings before) {
		this.fields = fields;
		this.deleted = deleted;
		Findings found = (before != null) ? before : Findings.NONE;
		found.values().forEach((field, counts) -> this.values.put(field, new LinkedHashMap<>(counts)));
		this.sample = new ArrayList<>(found.sample());
	}

	/**
	 * One that counts what matches, and shows the first of it.
	 * @param fields the fields, as dotted paths
	 * @param saved what was counted before
	 */
	static FindingsTally ofMatching(Set<String> fields, RangeProgress saved) {
		return new FindingsTally(fields, false, saved.findings());
	}

	/**
	 * One that counts what is deleted; null if there are no fields.
	 * @param fields the fields, as dotted paths
	 * @param saved what was counted before
	 */
	static @Nullable FindingsTally ofDeleted(Set<String> fields, RangeProgress saved) {
		if (fields.isEmpty()) {
			return null;
		}
		FindingsTally tally = new FindingsTally(fields, true, saved.findings());
		if (saved.findings() == null && saved.counts().deleted() > 0) {
			// By a version that did not count them.
			tally.countUnknown(saved.counts().deleted());
		}
		return tally;
	}

	/** An entry matches. */
	void matched(KeyEntry entry) {
		if (this.deleted) {
			return;
		}
		count(values(entry));
		if (this.sample.size() < Findings.SAMPLE) {
			this.sample.add(new Findings.Sample(entry.key(),
					shortened(entry.metadata().isPresent() ? json(entry.metadata().value()) : "", LONGEST_METADATA)));
		}
	}

	/** What must be kept of an entry until it is known whether it was deleted. */
	List<String> valuesToKeep(KeyEntry entry) {
		return this.deleted ? values(entry) : List.of();
	}

	/** What an entry has in each of the fields, one after the other. */
	private List<String> values(KeyEntry entry) {
		if (this.fields.isEmpty()) {
			return List.of();
		}
		Object metadata = entry.metadata().value();
		List<String> texts = new ArrayList<>(this.fields.size());
		this.fields.forEach((field) -> texts.add(text(value(metadata, field))));
		return texts;
	}

	/**
	 * The outcome of a call is known.
	 * @param outcomes what became of each of its entries
	 * @param batch the entries, empty if only their keys are known
	 */
	void settled(List<KeyOutcome> outcomes, List<MatchedEntry> batch) {
		if (!this.deleted) {
			return;
		}
		for (int i = 0; i < outcomes.size(); i++) {
			if (!outcomes.get(i).outcome().counted().isDeleted()) {
				continue;
			}
			if (batch.isEmpty()) {
				countUnknown(1);
			}
			else {
				count(batch.get(i).values());
			}
		}
	}

	private void count(List<String> values) {
		int next = 0;
		for (String field : this.fields) {
			count(field, values.get(next++), 1);
		}
	}

	/** Counts entries of which only the key is known. */
	private void countUnknown(long entries) {
		this.fields.forEach((field) -> count(field, UNKNOWN_VALUE, entries));
	}

	private void count(String field, String value, long entries) {
		Map<String, Long> counts = this.values.computeIfAbsent(field, (name) -> new LinkedHashMap<>());
		boolean named = counts.containsKey(value) || counts.size() < DISTINCT_VALUES || value.equals(UNKNOWN_VALUE);
		counts.merge(named ? value : OTHER_VALUES, entries, Long::sum);
	}

	/** What was found so far. */
	Findings findings() {
		return new Findings(this.values, this.sample);
	}

	/** A field whose own name has dots in it comes before a path. */
	private static @Nullable Object value(@Nullable Object metadata, String path) {
		if (!(metadata instanceof Map<?, ?> map)) {
			return null;
		}
		if (map.containsKey(path)) {
			return map.get(path);
		}
		int dot = path.indexOf('.');
		return (dot > 0) ? value(map.get(path.substring(0, dot)), path.substring(dot + 1)) : null;
	}

	private static String text(@Nullable Object value) {
		if (value == null) {
			return NO_VALUE;
		}
		if (value instanceof Long || value instanceof Boolean) {
			// As JSON has it; a mapper for each of millions costs more than the rule.
			return value.toString();
		}
		return shortened((value instanceof String text) ? text : json(value), LONGEST_VALUE);
	}

	/** No metadata that somebody stored may end a run for the sake of being shown. */
	private static String json(@Nullable Object value) {
		try {
			return JsonValues.text(value);
		}
		catch (JacksonException ex) {
			return TOO_DEEP;
		}
	}

	private static String shortened(String text, int length) {
		if (text.codePointCount(0, text.length()) <= length) {
			return text;
		}
		return text.substring(0, text.offsetByCodePoints(0, length)) + "...";
	}

}
