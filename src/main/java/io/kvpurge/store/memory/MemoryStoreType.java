package io.kvpurge.store.memory;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreType;

/** {@code type: memory}: stores that live as long as the process, shared by name. */
public final class MemoryStoreType implements StoreType {

	private static final Map<String, MemoryStore> stores = new ConcurrentHashMap<>();

	@Override
	public String name() {
		return "memory";
	}

	@Override
	public List<StoreOption> options() {
		return List.of(StoreOption.required("name"));
	}

	@Override
	public KeyValueStore open(StoreOptions options) {
		return stores.computeIfAbsent(options.text("name"), (name) -> new MemoryStore(name, Clock.systemUTC()));
	}

}
