package io.kvpurge.filter;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;

/** One entry judged by a rule. */
@State(Scope.Benchmark)
public class RuleBenchmark {

	@Param({ "all", "metadata.n % 100 < 10", "tags(metadata.tags).exists(t, t == params.tag)",
			"timestamp(metadata.seen) < asOf - duration('720h')" })
	private String rule = "all";

	private EntryFilter filter;

	private final KeyEntry entry = new KeyEntry(Key.of("key/000004711"), Metadata.of(Map.of("n", 4711L, "build", "v7",
			"type", "html", "tags", "product-11,category-31", "seen", "2026-01-05T10:00:00Z")), null, null);

	@org.openjdk.jmh.annotations.Setup
	public void compile() {
		Rule where = Rule.compile(this.rule, Map.of("tag", ParameterType.STRING));
		this.filter = new EntryFilter(where, null, List.of(), Map.of("tag", "product-7"),
				Instant.parse("2026-06-01T00:00:00Z"));
	}

	@Benchmark
	public Decision judge() {
		return this.filter.decide(this.entry);
	}

}
