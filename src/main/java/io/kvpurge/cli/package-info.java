/**
 * The command line: one file for each command, exit statuses, text, JSON and progress.
 */
@NullMarked
@ApplicationModule(displayName = "Command line (rank 5)",
		allowedDependencies = { "broker", "job", "report", "definition", "given", "ledger", "filter", "store",
				"store::jsonl", "store::resilient", "metrics", "webhook", "logs" })
package io.kvpurge.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
