package io.kvpurge.cli;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.filter.Decision;
import io.kvpurge.given.KeySource;
import io.kvpurge.given.KeySourceException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyReader;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.resilient.CallMeter;
import io.kvpurge.store.resilient.ResilientKeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;

/**
 * What a definition says of one key now.
 *
 * @param verdict {@code outside}, {@code absent}, {@code unmatched}, {@code held},
 * {@code undecided} or {@code matched}; {@code unknown} if the store cannot be asked
 * @param sentence the same for people
 * @param reason why a rule could not be decided, null if it could
 */
record KeyJudgement(String verdict, String sentence, @Nullable String reason) {

	/**
	 * Looks the key up in the definition's store, and judges it. Whoever may read the
	 * ledger need not be one who can open the store.
	 */
	static KeyJudgement of(BoundDefinition bound, Key key, UnaryOperator<@Nullable String> environment, Instant asOf,
			List<Key> protect) {
		if (bound.prefixes().stream().noneMatch(key::startsWith)) {
			return new KeyJudgement("outside", "it is under no prefix of the definition: stays", null);
		}
		try {
			KeySource named = bound.definition().keys();
			if (named != null && !named.names(key)) {
				return new KeyJudgement("outside", "it is not among the keys that the definition names: stays", null);
			}
		}
		catch (KeySourceException ex) {
			return unknown("the keys that the definition names cannot be read", ex);
		}
		try (KeyValueStore store = bound.definition().store().open(environment)) {
			KeyReader reader = new ResilientKeyValueStore(store, RetrySettings.DEFAULT, new CallMeter(),
					(pause) -> Thread.sleep(pause.toMillis()));
			List<KeyEntry> found = reader.find(List.of(key));
			return found.isEmpty() ? new KeyJudgement("absent", "it is not in the store", null)
					: of(bound.filter(asOf, protect).decide(found.get(0)));
		}
		catch (StoreException | DefinitionException ex) {
			return unknown("the store cannot be asked", ex);
		}
	}

	private static KeyJudgement unknown(String why, RuntimeException failure) {
		String message = Message.firstLine(failure);
		return new KeyJudgement("unknown", "not known, as " + why + ": " + message, message);
	}

	/** Whether the store was asked, if there was need to. */
	boolean isKnown() {
		return !this.verdict.equals("unknown");
	}

	private static KeyJudgement of(Decision decision) {
		String reason = decision.reason();
		return switch (decision.verdict()) {
			case UNMATCHED -> new KeyJudgement("unmatched", "the rule does not match: stays", reason);
			case UNDECIDED ->
				new KeyJudgement("undecided", "the rule cannot be decided (" + reason + "): stays", reason);
			case HELD -> new KeyJudgement("held", decision.equals(Decision.PROTECTED)
					? "the rule matches, but the key is protected by the configuration: stays"
					: (reason == null) ? "the rule matches, but 'keep' holds it: stays"
							: "the rule matches, but whether to keep it cannot be decided (" + reason + "): stays",
					reason);
			case MATCHED -> new KeyJudgement("matched", "the rule matches: the next run would delete it", reason);
		};
	}

}
