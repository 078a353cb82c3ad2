package io.kvpurge.store.cloudflare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.testkit.cloudflare.CloudflareSimulator;
import io.kvpurge.testkit.cloudflare.Settings;

/** A simulated service with one namespace, and the stores that were opened on it. */
final class Simulated implements AutoCloseable {

	private final CloudflareSimulator service;

	private final String namespace;

	private final List<KeyValueStore> opened = new ArrayList<>();

	Simulated() {
		this(Settings.defaults().withoutRequestLimit());
	}

	Simulated(Settings settings) {
		this.service = CloudflareSimulator.start(settings);
		this.namespace = this.service.createNamespace("cache");
	}

	CloudflareSimulator service() {
		return this.service;
	}

	String namespace() {
		return this.namespace;
	}

	void put(String key, @Nullable String metadata) {
		this.service.put(this.namespace, key, new byte[] { 'v' }, metadata, null);
	}

	List<KeyEntry> fill(int count) {
		this.service.fill(this.namespace, count, "k%06d"::formatted, (number) -> null);
		List<KeyEntry> entries = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			entries.add(KeyEntry.of(Key.of("k%06d".formatted(i))));
		}
		return entries;
	}

	List<String> left() {
		return this.service.keys(this.namespace);
	}

	KeyValueStore open() {
		return open("namespace-id", this.namespace);
	}

	/** Opens a store with these options, in pairs, instead of or beside the usual. */
	KeyValueStore open(String... options) {
		return open(StoreOptions.REQUEST_TIMEOUT, options);
	}

	KeyValueStore open(Duration timeout, String... options) {
		Map<String, List<String>> values = new HashMap<>();
		values.put("account-id", List.of(this.service.accountId()));
		values.put("api-token", List.of(this.service.token()));
		values.put("base-url", List.of(this.service.baseUrl()));
		for (int i = 0; i < options.length; i += 2) {
			values.put(options[i], List.of(options[i + 1]));
		}
		KeyValueStore store = new CloudflareStoreType().open(new StoreOptions(values, timeout));
		this.opened.add(store);
		return store;
	}

	/** All that a walk in pages of so many lists. */
	static List<KeyEntry> walk(KeyValueStore store, KeyRange range, ListingPosition from, int limit) {
		List<KeyEntry> all = new ArrayList<>();
		ListingPosition position = from;
		while (true) {
			KeyPage page = store.list(range, position, limit);
			all.addAll(page.entries());
			if (page.next() == null) {
				return all;
			}
			position = ListingPosition.at(page.next());
		}
	}

	@Override
	public void close() {
		this.opened.forEach(KeyValueStore::close);
		this.service.close();
	}

}
