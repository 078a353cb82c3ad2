package io.kvpurge.store.cloudflare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.PriceList;
import io.kvpurge.store.RateLimit;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreTerms;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.UnsuccessfulKeysException;

/**
 * A namespace as a store. Each call of the port is one request, where its limits allow
 * it; none is repeated, and none waits for another.
 */
final class CloudflareStore implements KeyValueStore {

	private static final int PAGE_LIMIT = 1_000;

	private static final int SMALLEST_PAGE = 10;

	private static final int BULK_LIMIT = 10_000;

	/** More may be answered with code 10046. */
	private static final int BULK_CALLS_AT_ONCE = 2;

	/** As the service states them: a token's rate, and both plans' prices. */
	private static final StoreTerms TERMS = new StoreTerms(
			new RequestRate(1_200, Duration.ofMinutes(5)), new PriceList(new PriceList.Price(5.00, 1_000_000, 1_000),
					new PriceList.Price(0.50, 10_000_000, 100_000), new PriceList.Price(5.00, 1_000_000, 1_000)),
			Duration.ofSeconds(60));

	/** How long a change may take to show everywhere. */
	private static final Duration PROPAGATION = Duration.ofSeconds(60);

	private final ApiClient client;

	private final String identity;

	private final NamespaceCalls calls;

	private final StoreCapabilities capabilities;

	CloudflareStore(ApiClient client, AccountAddress account, Namespace namespace, Duration requestTimeout) {
		this.client = client;
		this.identity = account.identity(namespace.id());
		this.calls = new NamespaceCalls(client, account.namespace(namespace.id()), namespace);
		this.capabilities = new StoreCapabilities(PAGE_LIMIT, BULK_LIMIT, BulkReading.LIMIT, BULK_CALLS_AT_ONCE,
				requestTimeout.plus(PROPAGATION), EnumSet.of(StoreCapability.METADATA_IN_LISTING,
						StoreCapability.ORDERED, StoreCapability.RESUMABLE, StoreCapability.VALUES));
	}

	@Override
	public String identity() {
		return this.identity;
	}

	@Override
	public StoreCapabilities capabilities() {
		return this.capabilities;
	}

	@Override
	public @Nullable RateLimit takeRateLimit() {
		return this.client.takeRateLimit();
	}

	@Override
	public StoreTerms terms() {
		return TERMS;
	}

	/** One range for each prefix: the service begins a listing nowhere else. */
	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return prefixes.stream().map(KeyRange::of).toList();
	}

	/**
	 * The service gives pages of 10 at least. What is more than the caller wants is left
	 * for the next page, whose cursor names this page of the service once more, and the
	 * last key that was shown of it.
	 */
	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		if (limit < 1 || limit > PAGE_LIMIT) {
			throw new IllegalArgumentException("a page has 1 to " + PAGE_LIMIT + " entries");
		}
		ListCursor cursor = ListCursor.parse(from.cursor());
		if (!range.prefix().isText()) {
			return new KeyPage(List.of(), null);
		}
		ListPage page = request(range.prefix(), cursor.service(), Math.max(limit, SMALLEST_PAGE));
		Key after = ListCursor.later(cursor.after(), ListCursor.later(from.lastKey(), range.after()));
		List<KeyEntry> entries = new ArrayList<>(page.entries().size());
		for (KeyEntry entry : page.entries()) {
			Key key = entry.key();
			if (range.upTo() != null && key.compareTo(range.upTo()) > 0) {
				return new KeyPage(entries, null);
			}
			if ((after == null || key.compareTo(after) > 0) && key.startsWith(range.prefix())) {
				if (entries.size() == limit) {
					Key last = entries.get(limit - 1).key();
					return new KeyPage(entries, new ListCursor(cursor.service(), last).cursor());
				}
				entries.add(entry);
			}
		}
		// Before the first entry that was shown, the key to pass is still ahead.
		return new KeyPage(entries, page.cursor().isEmpty() ? null
				: new ListCursor(page.cursor(), entries.isEmpty() ? after : null).cursor());
	}

	private ListPage request(Key prefix, String cursor, int limit) {
		String what = this.calls.cannot("list");
		String query = "limit=" + limit
				+ ((prefix.length() > 0) ? "&prefix=" + AccountAddress.encoded(prefix.text()) : "")
				+ (cursor.isEmpty() ? "" : "&cursor=" + AccountAddress.encoded(cursor));
		Answer answer = NamespaceCalls.answer(what, () -> this.calls.list(query));
		ListPage page = answer.isOk() ? ListPage.parse(answer.body()) : null;
		if (page == null) {
			NamespaceCalls.successful(what, answer);
			throw CloudflareFailures.garbage(what, answer);
		}
		if (!cursor.isEmpty() && page.cursor().equals(cursor)) {
			throw new TransientStoreException(what + ": the service gives the same page again and again", null, null);
		}
		return page;
	}

	@Override
	public List<KeyEntry> find(Collection<Key> keys) {
		return new BulkReading(this.calls).find(keys);
	}

	@Override
	public List<KeyValue> read(Collection<Key> keys) {
		return new BulkReading(this.calls).read(keys);
	}

	@Override
	public void write(List<KeyValue> entries) {
		new BulkWriting(this.calls).write(entries);
	}

	/** What cannot be a key is not there, which is all that a delete is for. */
	@Override
	public DeleteResult delete(List<KeyEntry> entries) {
		List<Key> nowhere = entries.stream().map(KeyEntry::key).filter((key) -> !KeyNames.holds(key)).toList();
		List<Key> keys = entries.stream().map(KeyEntry::key).filter(KeyNames::holds).toList();
		BulkDeletion deletion = new BulkDeletion(this.calls);
		DeleteResult result = DeleteResult.allDeleted(nowhere);
		for (int start = 0; start < keys.size(); start += BULK_LIMIT) {
			int end = Math.min(keys.size(), start + BULK_LIMIT);
			StoreException cause;
			try {
				DeleteResult part = deletion.delete(keys.subList(start, end));
				result = result.and(part);
				cause = part.cause();
			}
			catch (StoreException ex) {
				if (start == 0) {
					throw ex;
				}
				result = result.and(DeleteResult.allUndone(keys.subList(start, end), ex));
				cause = ex;
			}
			if (cause != null && !(cause instanceof UnsuccessfulKeysException)) {
				// The rest would meet the same; what is known so far must not be lost.
				return (end == keys.size()) ? result
						: result.and(DeleteResult.allUndone(keys.subList(end, keys.size()), cause));
			}
		}
		return result;
	}

	@Override
	public void close() {
		this.client.close();
	}

}
