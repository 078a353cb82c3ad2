package io.kvpurge.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.kvpurge.store.EntryFields;

/**
 * What is asked for with each key, as the rule names it.
 *
 * @param type the type
 * @param expiration when it expires
 * @param idle for how many seconds nobody has used it
 * @param freq how often it was used of late
 * @param size how many bytes it takes
 * @param hash whether all fields of a hash
 * @param hashFields the fields of a hash, where not all, in the order of scripts
 * @param json whether the JSON in a string
 * @param jsonFields its outermost fields, none for all
 */
record Reading(boolean type, boolean expiration, boolean idle, boolean freq, boolean size, boolean hash,
		List<String> hashFields, boolean json, Set<String> jsonFields) {

	/** All of an entry. */
	static final Reading WHOLE = new Reading(true, true, false, false, false, true, List.of(), true, Set.of());

	Reading {
		hashFields = List.copyOf(hashFields);
		jsonFields = Set.copyOf(jsonFields);
	}

	static Reading of(EntryFields fields) {
		Set<String> outermost = new TreeSet<>();
		fields.metadata().forEach((path) -> outermost.add(segment(path, 0)));
		boolean all = fields.allMetadata();
		Set<String> hashFields = within(fields.metadata(), "hash");
		Set<String> jsonFields = within(fields.metadata(), "json");
		boolean wholeHash = all || fields.metadata().contains("hash");
		boolean wholeJson = all || fields.metadata().contains("json");
		return new Reading(all || outermost.contains("type"), fields.expiration(), outermost.contains("idle"),
				outermost.contains("freq"), all || outermost.contains("size"), wholeHash,
				wholeHash ? List.of() : List.copyOf(hashFields), wholeJson || !jsonFields.isEmpty(),
				wholeJson ? Set.of() : jsonFields);
	}

	private static Set<String> within(Set<String> paths, String outer) {
		Set<String> names = new TreeSet<>();
		paths.stream().filter((path) -> path.startsWith(outer + ".")).forEach((path) -> names.add(segment(path, 1)));
		return names;
	}

	private static String segment(String path, int number) {
		String[] segments = path.split("\\.", -1);
		return segments[number];
	}

	/** Whether a key alone is not enough. */
	boolean isMoreThanKeys() {
		return hasMetadata() || this.expiration;
	}

	boolean hasMetadata() {
		return this.type || this.idle || this.freq || this.size || hasContents();
	}

	/** Whether a value is looked into, by which a server may count it as used. */
	boolean hasContents() {
		return this.hash || !this.hashFields.isEmpty() || this.json;
	}

	/** As the scripts read it. */
	List<String> arguments(boolean expiration, boolean withDump, boolean expireTime) {
		StringBuilder flags = new StringBuilder();
		append(flags, 'e', expiration);
		append(flags, 'x', expireTime);
		append(flags, 'i', this.idle);
		append(flags, 'f', this.freq);
		append(flags, 's', this.size);
		append(flags, 'h', this.hash);
		append(flags, 'j', this.json);
		append(flags, 'd', withDump);
		List<String> arguments = new ArrayList<>();
		arguments.add(flags.append('.').toString());
		arguments.add(String.valueOf(this.hashFields.size()));
		arguments.addAll(this.hashFields);
		return arguments;
	}

	private static void append(StringBuilder flags, char flag, boolean set) {
		if (set) {
			flags.append(flag);
		}
	}

}
