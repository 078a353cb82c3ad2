package io.kvpurge.definition;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.kvpurge.filter.EntryFilter;
import io.kvpurge.store.Key;
import io.kvpurge.store.jsonl.JsonValues;

/**
 * A definition with the values of its parameters: ready to be run.
 *
 * @param definition the definition
 * @param parameterTexts the values as they were given, defaults included
 * @param parameters the same values in their types
 * @param prefixes what keys begin with, divided as the definition says; none begins with
 * another
 */
public record BoundDefinition(PurgeDefinition definition, Map<String, List<String>> parameterTexts,
		Map<String, Object> parameters, List<Key> prefixes) {

	public BoundDefinition {
		parameterTexts = Map.copyOf(parameterTexts);
		parameters = Map.copyOf(parameters);
		prefixes = List.copyOf(prefixes);
	}

	/** The values as JSON; the same text for the same values. */
	public String parametersJson() {
		return JsonValues.text(new TreeMap<>(this.parameterTexts));
	}

	/**
	 * The rule, as it is judged at this instant.
	 * @param protect what the keys begin with that stay whatever the definition says
	 */
	public EntryFilter filter(Instant asOf, List<Key> protect) {
		return new EntryFilter(this.definition.where(), this.definition.keep(), protect, this.parameters, asOf);
	}

	/** The same, with its ranges worked on by other processes. */
	public BoundDefinition withWorkers() {
		return new BoundDefinition(this.definition.withWorkers(), this.parameterTexts, this.parameters, this.prefixes);
	}

}
