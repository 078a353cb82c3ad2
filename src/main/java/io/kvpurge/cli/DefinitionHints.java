package io.kvpurge.cli;

import java.util.ArrayList;
import java.util.List;

import io.kvpurge.definition.PurgeDefinition;

/** What a definition costs or leaves unused at its store, told before it is run. */
record DefinitionHints(PurgeDefinition definition) {

	private static final String CLOUDFLARE = "cloudflare";

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		if (this.definition.isUnguarded()) {
			lines
				.add("it selects every key that the store has: 'run' refuses that until limits.max-fraction: 1 says so,"
						+ " too");
			return lines;
		}
		boolean cloudflare = this.definition.store().type().equals(CLOUDFLARE);
		if (cloudflare && this.definition.keys() == null && this.definition.splitBy() == null
				&& this.definition.prefixes().size() == 1 && this.definition.partitions() > 1) {
			lines.add("Cloudflare lists one prefix page after page, so that partitions: " + this.definition.partitions()
					+ " has one range only: more prefixes or select.split-by would give more");
		}
		if (cloudflare && this.definition.keys() != null) {
			lines.add("keys that are named are looked up: one read call for each 100 of them, and none to list");
		}
		if (this.definition.recheck()) {
			lines.add(cloudflare
					? "recheck costs one read call for each 100 keys that match, and deletes name 1,000 keys at most"
					: "recheck reads what matches a second time, where the store cannot compare and delete");
		}
		if (this.definition.limits().judgeFirst() && (cloudflare || this.definition.limits().isAsked())) {
			lines.add("everything is found before anything is deleted, to judge how much matches: what matches is read"
					+ " twice" + (cloudflare ? ", or listed twice where that takes fewer calls" : "")
					+ "; limits.max-fraction: 1 deletes at once");
		}
		return lines;
	}

}
