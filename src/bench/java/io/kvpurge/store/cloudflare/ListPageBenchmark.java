package io.kvpurge.store.cloudflare;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A page of 1,000 entries with about 100 bytes of metadata each, from bytes to entries;
 * time for each entry.
 */
@State(Scope.Benchmark)
public class ListPageBenchmark {

	private static final int ENTRIES = 1_000;

	private final byte[] page = IntStream.range(0, ENTRIES)
		.mapToObj(("{\"name\":\"key/%09d\",\"metadata\":{\"n\":%<d,\"build\":\"v7\",\"type\":\"html\","
				+ "\"tags\":\"product-11,category-31\",\"pad\":\"0123456789abcdefghijklmn\"}}")::formatted)
		.collect(Collectors.joining(",", "{\"result\":[",
				"],\"success\":true,\"errors\":[],\"messages\":[],\"result_info\":{\"count\":1000,\"cursor\":\"abc\"}}"))
		.getBytes(StandardCharsets.UTF_8);

	@Benchmark
	@OperationsPerInvocation(ENTRIES)
	public Object decode() {
		return ListPage.parse(this.page);
	}

}
