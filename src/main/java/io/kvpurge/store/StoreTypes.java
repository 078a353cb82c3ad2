package io.kvpurge.store;

import java.util.Collections;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/** The kinds of store that are on the class path. */
public final class StoreTypes {

	private final Map<String, StoreType> types = new TreeMap<>();

	private StoreTypes() {
	}

	public static StoreTypes load() {
		StoreTypes all = new StoreTypes();
		for (StoreType type : ServiceLoader.load(StoreType.class, StoreTypes.class.getClassLoader())) {
			StoreType twin = all.types.put(type.name(), type);
			if (twin != null) {
				throw new IllegalStateException("two stores of type " + type.name());
			}
		}
		return all;
	}

	/** Their types by name, sorted. */
	public Map<String, StoreType> byName() {
		return Collections.unmodifiableMap(this.types);
	}

	public @Nullable StoreType find(String name) {
		return this.types.get(name);
	}

}
