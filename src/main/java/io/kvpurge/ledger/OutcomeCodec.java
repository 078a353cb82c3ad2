package io.kvpurge.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Writes outcomes down for people and machines: {@code 9000D 3S 997D} says that the first
 * 9,000 keys were deleted, the next three spared, and the rest deleted.
 */
final class OutcomeCodec {

	private static final Pattern RUN = Pattern.compile("([1-9][0-9]*)([A-Z])");

	private OutcomeCodec() {
	}

	static String text(List<KeyOutcome> outcomes) {
		StringBuilder text = new StringBuilder();
		int start = 0;
		for (int i = 1; i <= outcomes.size(); i++) {
			if (i == outcomes.size() || outcomes.get(i).outcome() != outcomes.get(start).outcome()) {
				text.append(text.isEmpty() ? "" : " ").append(i - start).append(outcomes.get(start).outcome().code());
				start = i;
			}
		}
		return text.toString();
	}

	/** Why keys were refused, by their place in the call, counted from 0. */
	static Map<String, String> reasons(List<KeyOutcome> outcomes) {
		Map<String, String> reasons = new TreeMap<>();
		for (int i = 0; i < outcomes.size(); i++) {
			String reason = outcomes.get(i).reason();
			if (reason != null) {
				reasons.put(Integer.toString(i), reason);
			}
		}
		return reasons;
	}

	/**
	 * The inverse of {@link #text} and {@link #reasons}.
	 * @param keys how many outcomes there are
	 * @throws IllegalArgumentException if the text is not what was written for so many
	 * keys
	 */
	static List<KeyOutcome> parse(String text, Map<String, String> reasons, int keys) {
		List<KeyOutcome> outcomes = new ArrayList<>(keys);
		for (String part : text.split(" ", -1)) {
			Matcher run = RUN.matcher(part);
			if (!run.matches()) {
				throw new IllegalArgumentException("'" + part + "' is no outcome");
			}
			int count = Integer.parseInt(run.group(1));
			if (count > keys - outcomes.size()) {
				throw new IllegalArgumentException("there are more outcomes than keys");
			}
			Outcome outcome = byCode(run.group(2).charAt(0));
			for (int i = 0; i < count; i++) {
				@Nullable String reason = reasons.get(Integer.toString(outcomes.size()));
				outcomes.add(new KeyOutcome(outcome, reason));
			}
		}
		if (outcomes.size() != keys) {
			throw new IllegalArgumentException("there are " + outcomes.size() + " outcomes for " + keys + " keys");
		}
		return outcomes;
	}

	private static Outcome byCode(char code) {
		return Arrays.stream(Outcome.values())
			.filter((outcome) -> outcome.code() == code)
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("'" + code + "' is no outcome"));
	}

}
