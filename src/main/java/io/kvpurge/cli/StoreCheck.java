package io.kvpurge.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * Looks whether a definition's store can be reached, read and, if asked, deleted from.
 *
 * @param definition the definition
 * @param environment gives the value of a variable, null if it is not set
 * @param timeout how long the store may take to answer
 * @param triesDelete whether a delete is sent
 */
record StoreCheck(PurgeDefinition definition, UnaryOperator<@Nullable String> environment, Duration timeout,
		boolean triesDelete) {

	List<Finding> findings() {
		List<Finding> findings = new ArrayList<>();
		try (KeyValueStore store = this.definition.store().open(this.environment, this.timeout)) {
			findings.add(Finding.good("store", store.identity() + " (" + store.capabilities().guarantee() + ")"));
			findings.add(asked("list", () -> list(store)));
			findings.add(this.triesDelete ? asked("delete", () -> delete(store))
					: Finding.note("delete", "not tried: --try-delete sends the delete of a key that there is not"));
			findings.add(pace(store.terms().requests()));
		}
		catch (DefinitionException ex) {
			ex.problems().forEach((problem) -> findings.add(Finding.bad("store", problem)));
		}
		catch (StoreException ex) {
			// The same that makes "run" answer 1.
			findings.add(failure("store", ex, !(ex instanceof InvalidStoreException)));
		}
		return findings;
	}

	private static Finding asked(String subject, Supplier<Finding> question) {
		try {
			return question.get();
		}
		catch (StoreException ex) {
			return failure(subject, ex, ex instanceof TransientStoreException);
		}
	}

	private static Finding failure(String subject, StoreException ex, boolean mayPass) {
		String line = Message.firstLine(ex);
		return mayPass
				? new Finding(subject, Finding.Level.LATER, line + ": look whether it can be reached, and try again")
				: Finding.bad(subject, line);
	}

	private Finding list(KeyValueStore store) {
		store.list(KeyRange.of(Key.of("")), ListingPosition.START, 1);
		return Finding.good("list", "allowed");
	}

	/** Of a key that nobody has: what is there stays, whatever the answer. */
	private Finding delete(KeyValueStore store) {
		KeyEntry nobodys = KeyEntry.of(Key.of(UUID.randomUUID().toString()));
		DeleteResult result = store.delete(List.of(nobodys));
		if (result.cause() != null) {
			return failure("delete", result.cause(), result.cause() instanceof TransientStoreException);
		}
		for (String reason : result.refused().values()) {
			return Finding.bad("delete", reason);
		}
		return Finding.good("delete", "allowed");
	}

	private Finding pace(@Nullable RequestRate allowed) {
		RequestRate asked = this.definition.limits().requests();
		if (asked == null) {
			return Finding.good("requests", (allowed != null) ? "as many as the service takes: " + text(allowed)
					: "as many as the store answers; 'limits.requests' would spare it");
		}
		if (allowed != null && perMilli(asked) > perMilli(allowed)) {
			return Finding.note("requests", "'limits.requests' is " + text(asked) + ", but the service takes only "
					+ text(allowed) + ": lower it, or all ranges will have to wait");
		}
		return Finding.good("requests", text(asked));
	}

	private static String text(RequestRate rate) {
		return rate.requests() + " per " + rate.per().toSeconds() + "s";
	}

	private static double perMilli(RequestRate rate) {
		return (double) rate.requests() / rate.per().toMillis();
	}

}
