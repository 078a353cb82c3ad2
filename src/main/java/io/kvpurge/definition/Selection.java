package io.kvpurge.definition;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.Rule;
import io.kvpurge.given.KeySource;

/**
 * Which entries a definition selects.
 *
 * @param prefixes what keys begin with, parameters not yet inserted
 * @param splitBy the characters that may follow a prefix, null for any
 * @param keys what names the keys, null if they are listed
 * @param where the rule
 */
record Selection(List<String> prefixes, @Nullable String splitBy, @Nullable KeySource keys, Rule where) {

	/**
	 * Whether all that is looked at is meant to go: keys that are named, or everything
	 * under a prefix. (All that a store has wants to be said twice.)
	 */
	boolean isAllMeant() {
		return this.keys != null || (this.where.isAll() && !this.prefixes.contains(""));
	}

}
