package io.kvpurge.definition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.ParameterType;
import io.kvpurge.filter.Rule;
import io.kvpurge.given.KeyDigest;
import io.kvpurge.given.KeySource;
import io.kvpurge.given.KeySourceException;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.jsonl.JsonValues;

/**
 * What to purge: the content of a definition's file, checked.
 *
 * @param name what its runs are called after
 * @param text as it was read, placeholders unresolved
 * @param source where it was read, for messages
 * @param store the store
 * @param parameters what a launch must or may give, by name
 * @param prefixes what keys begin with, parameters not yet inserted
 * @param where which of these are selected
 * @param keep which of the selected stay all the same, null for none
 * @param partitioning into how many ranges the keys are split, and who works on them
 * @param limits what a run stays within
 * @param recheck whether the metadata of what is selected is read again right before it
 * is deleted
 * @param backup where what is deleted is saved before, null for nowhere
 * @param splitBy the characters that may follow a prefix, each of which begins a range of
 * its own; null for keys of any name under the prefixes
 * @param keys what names the keys, one by one; null if they are listed
 * @param plans what it says of its plans
 * @param verify whether a run ends with a look for what it deleted
 * @param digest over what decides which keys go, whatever its layout, but for the keys
 * that are named one by one; hex
 */
public record PurgeDefinition(String name, String text, String source, StoreDefinition store,
		Map<String, ParameterDefinition> parameters, List<String> prefixes, Rule where, @Nullable Rule keep,
		Partitioning partitioning, Limits limits, boolean recheck, @Nullable BackupTarget backup,
		@Nullable String splitBy, @Nullable KeySource keys, PlanTerms plans, boolean verify, String digest) {

	/** The parameters that a rule may name. */
	public Map<String, ParameterType> parameterTypes() {
		Map<String, ParameterType> types = new LinkedHashMap<>();
		this.parameters.forEach((name, parameter) -> types.put(name, parameter.type()));
		return types;
	}

	public PurgeDefinition {
		store = store.askedFor((keep != null) ? where.entryFields(keep) : where.entryFields(where));
		parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
		prefixes = List.copyOf(prefixes);
	}

	/** Whether it selects all that a store has, and does not say so twice. */
	public boolean isUnguarded() {
		return this.keys == null && this.where.isAll() && this.prefixes.contains("") && !this.limits.mayTakeAll();
	}

	/**
	 * Refuses to select all that a store has unless that is said twice.
	 * @throws DefinitionException if it is said once
	 */
	public void requireGuard() {
		if (isUnguarded()) {
			throw new DefinitionException(List.of(this.source + ": selects every key that the store has: if that is"
					+ " meant, say so with 'limits.max-fraction: 1' (--max-fraction 1)"));
		}
	}

	/**
	 * The digest with the keys that are named one by one, which are read for it.
	 * @throws DefinitionException if they cannot be read
	 */
	public String digestWithKeys() {
		return (this.keys != null) ? digestWithKeys(namedKeys()) : this.digest;
	}

	/** The digest with these keys. */
	public String digestWithKeys(KeyDigest named) {
		return DefinitionDigest.with(this.digest, named);
	}

	/**
	 * What keys are named one by one.
	 * @throws DefinitionException if they cannot be read
	 */
	public KeyDigest namedKeys() {
		if (this.keys == null) {
			throw new IllegalStateException("no keys are named");
		}
		try {
			return this.keys.digest();
		}
		catch (KeySourceException ex) {
			throw new DefinitionException(List.of(String.valueOf(ex.getMessage())));
		}
	}

	/** The same definition, with keys that are named elsewhere. */
	public PurgeDefinition withKeys(KeySource named) {
		return new PurgeDefinition(this.name, this.text, this.source, this.store, this.parameters, this.prefixes,
				this.where, this.keep, this.partitioning, this.limits, this.recheck, this.backup, this.splitBy, named,
				this.plans, this.verify, this.digest);
	}

	/** The same definition, with its ranges worked on by other processes. */
	public PurgeDefinition withWorkers() {
		return new PurgeDefinition(this.name, this.text, this.source, this.store, this.parameters, this.prefixes,
				this.where, this.keep, new Partitioning(this.partitioning.wanted(), true), this.limits, this.recheck,
				this.backup, this.splitBy, this.keys, this.plans, this.verify, this.digest);
	}

	/**
	 * How many ranges are worked on at once; where others work on them, how many there
	 * shall be.
	 */
	public int partitions() {
		return this.partitioning.ranges();
	}

	/** How many requests the store may be sent, null for as many as it takes. */
	public @Nullable RequestRate requests() {
		return this.limits.requests();
	}

	/** Whether a definition may be called this. */
	public static boolean isName(String text) {
		return text.matches(DefinitionReader.NAME);
	}

	/**
	 * The definition with values for its parameters.
	 * @param given the values by name, several for a list
	 * @throws DefinitionException if a parameter is not declared, is missing, or has no
	 * such value, or if prefixes overlap with these values
	 */
	public BoundDefinition bind(Map<String, List<String>> given) {
		Problems problems = new Problems(this.source);
		for (String name : given.keySet()) {
			if (!this.parameters.containsKey(name)) {
				problems.addUnknown(0, "parameter", name, this.parameters.keySet());
			}
		}
		Map<String, List<String>> texts = new TreeMap<>();
		Map<String, Object> values = new TreeMap<>();
		this.parameters.forEach((name, parameter) -> {
			List<String> text = given.getOrDefault(name, parameter.defaultTexts());
			if (text == null) {
				problems.add(0, "parameter '" + name + "' is missing: give it with -p " + name + "=VALUE");
				return;
			}
			try {
				values.put(name, parameter.value(text));
				texts.put(name, text);
			}
			catch (IllegalArgumentException ex) {
				problems.add(0, "parameter '" + name + "' " + ex.getMessage());
			}
		});
		problems.throwIfAny();
		return new BoundDefinition(this, texts, values,
				new PrefixTemplates(this.prefixes).keys(texts, this.splitBy, problems));
	}

	/**
	 * The definition with the values that {@link BoundDefinition#parametersJson()} wrote
	 * down.
	 */
	public BoundDefinition bindJson(String json) {
		Map<String, List<String>> given = new LinkedHashMap<>();
		if (JsonValues.parse(json) instanceof Map<?, ?> fields) {
			fields.forEach((name, value) -> {
				List<String> texts = new ArrayList<>();
				if (value instanceof List<?> list) {
					list.forEach((item) -> texts.add(String.valueOf(item)));
				}
				given.put(String.valueOf(name), texts);
			});
		}
		return bind(given);
	}

}
