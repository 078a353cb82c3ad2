package io.kvpurge.store.redis;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.Value;
import io.kvpurge.testkit.RedisServer;

/**
 * A page of SCAN from a real server on this machine, until its keys are sorted entries;
 * time for each key.
 */
@State(Scope.Benchmark)
public class ScanPageBenchmark {

	private static final int KEYS = 3_000;

	private RedisServer server;

	private KeyValueStore store;

	@Setup
	public void fill() {
		this.server = RedisServer.start();
		this.store = new DefinitionReader().read("""
				version: 1
				name: bench
				store: {type: redis, url: "%s"}
				select: {prefixes: [""], where: all}
				""".formatted(this.server.newDatabase()), "bench")
			.bind(Map.of())
			.definition()
			.store()
			.open(System::getenv);
		List<KeyValue> entries = IntStream.range(0, KEYS)
			.mapToObj((i) -> new KeyValue(Key.of("key:%09d".formatted(i)), Value.of(new byte[] { 'x' }),
					Metadata.ABSENT, null))
			.toList();
		this.store.write(entries);
	}

	@Benchmark
	@OperationsPerInvocation(KEYS)
	public KeyPage list() {
		return this.store.list(KeyRange.of(Key.of("")), ListingPosition.START, 5_000);
	}

	@TearDown
	public void stop() {
		this.store.close();
		this.server.stop();
	}

}
