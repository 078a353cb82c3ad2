/**
 * Runs a purge as a Spring Batch job: split, purge range by range, seal. The only package
 * that knows Spring Batch; its door is {@link io.kvpurge.job.PurgeJobs}.
 */
@NullMarked
@ApplicationModule(displayName = "Job (rank 4)", allowedDependencies = { "broker", "backup", "definition", "given",
		"report", "ledger", "filter", "store", "store::jsonl", "store::resilient" })
package io.kvpurge.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
