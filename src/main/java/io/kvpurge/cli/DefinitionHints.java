package io.kvpurge.cli;

import java.util.ArrayList;
import java.util.List;

import io.kvpurge.definition.PurgeDefinition;

/** What a definition costs or leaves unused at its store, told before it is run. */
record DefinitionHints(PurgeDefinition definition) {

	private static final String CLOUDFLARE = "cloudflare";

	List<String> lines() {
		List<String> lines = new ArrayList<>();
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
		if (this.definition.limits().judgeFirst()) {
			lines.add(
					"max-fraction and max-growth find everything before anything is deleted: what matches is read twice"
							+ (cloudflare
									? ", with one read call for each 100 keys, and deletes name 1,000 keys at most"
									: ""));
		}
		return lines;
	}

}
