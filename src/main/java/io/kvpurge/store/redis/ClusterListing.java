package io.kvpurge.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.TransientStoreException;

/**
 * Lists the keys of a cluster, slot by slot: a range is a set of slots, whoever holds
 * them. One server after another is listed, and of it the keys of those slots that it
 * held without a break from before its first page to behind its last one. Slots that it
 * lost, or began to lose, stay open until the server that has them by then was listed. So
 * no key is missed, however it moves: a key is wherever its slot is held and not given
 * away.
 */
final class ClusterListing implements KeyLister {

	private static final String SLOTS = "slots ";

	/** So often may a server prove to be another one before a page is given up. */
	private static final int ATTEMPTS = 5;

	private final ClusterConnection cluster;

	private final KeyReading keys;

	ClusterListing(ClusterConnection cluster, KeyReading keys) {
		this.cluster = cluster;
		this.keys = keys;
	}

	/**
	 * The slots of each primary are a range, and stay one wherever they go. A prefix with
	 * a whole hash tag lies in one slot.
	 */
	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		List<SlotSet> parts = (wanted > 1) ? parts() : List.of();
		List<KeyRange> ranges = new ArrayList<>();
		for (Key prefix : prefixes) {
			if (parts.size() < 2 || hasTag(prefix)) {
				ranges.add(KeyRange.of(prefix));
			}
			else {
				parts.forEach((part) -> ranges.add(new KeyRange(prefix, null, null, SLOTS + part)));
			}
		}
		return ranges;
	}

	private List<SlotSet> parts() {
		List<SlotSet> parts = new ArrayList<>();
		SlotSet rest = SlotSet.ALL;
		for (ClusterNode node : this.cluster.view().primaries()) {
			SlotSet part = rest.within(node.slots());
			if (!part.isEmpty()) {
				parts.add(part);
				rest = rest.without(part);
			}
		}
		if (!rest.isEmpty()) {
			parts.add(rest);
		}
		return parts;
	}

	private static boolean hasTag(Key prefix) {
		byte[] bytes = prefix.bytes();
		int open = indexOf(bytes, '{', 0);
		return open >= 0 && indexOf(bytes, '}', open + 1) > open + 1;
	}

	private static int indexOf(byte[] bytes, char wanted, int from) {
		for (int i = from; i < bytes.length; i++) {
			if (bytes[i] == wanted) {
				return i;
			}
		}
		return -1;
	}

	private static SlotSet slots(KeyRange range) {
		String part = range.part();
		if (part != null && part.startsWith(SLOTS)) {
			return SlotSet.parse(part.substring(SLOTS.length()));
		}
		if (part != null) {
			throw new IllegalArgumentException("no part of a cluster: " + part);
		}
		int tagged = SlotHash.getSlot(range.prefix().bytes());
		return hasTag(range.prefix()) ? SlotSet.of(tagged, tagged) : SlotSet.ALL;
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		ClusterCursor cursor = (from.cursor() != null) ? ClusterCursor.parse(from.cursor())
				: ClusterCursor.of(slots(range));
		try {
			for (int i = 0; i < ATTEMPTS; i++) {
				KeyPage page = page(range, begun(cursor), limit);
				if (page != null) {
					return page;
				}
				this.cluster.outdated();
				cursor = ClusterCursor.of(cursor.open());
			}
		}
		catch (TransientStoreException ex) {
			this.cluster.outdated();
			throw ex;
		}
		throw new TransientStoreException("cannot list: the slots " + cursor.open() + " do not stay where they are",
				null, null);
	}

	/** On a server that holds some of the open slots, and all their keys. */
	private ClusterCursor begun(ClusterCursor cursor) {
		if (cursor.node() != null) {
			return cursor;
		}
		SlotSet moving = SlotSet.NONE;
		for (ClusterNode node : this.cluster.view().primaries()) {
			if (cursor.open().within(node.slots()).isEmpty()) {
				continue;
			}
			RedisAsyncCommands<byte[], byte[]> commands = this.cluster.server(node.address()).server();
			CompletionStage<String> info = commands.info("server");
			ClusterNode now = now(node, commands.clusterNodes());
			SlotSet steady = (now != null) ? cursor.open().within(now.steady()) : SlotSet.NONE;
			if (now != null && !steady.isEmpty()) {
				return new ClusterCursor(cursor.open(), now.id(), steady, ScanCursor.start(runId(info)));
			}
			moving = (now != null) ? moving.and(cursor.open().within(now.moving())) : moving;
		}
		throw new TransientStoreException(moving.isEmpty() ? "cannot list: no server holds the slots " + cursor.open()
				: "cannot list: the slots " + moving + " are being moved, and are listed where they arrive (a move"
						+ " that was broken off is ended by redis-cli --cluster fix)",
				null, null);
	}

	private @Nullable ClusterNode now(ClusterNode node, CompletionStage<String> nodes) {
		return ClusterView.myself(this.cluster.await("cannot ask for the slots", nodes), node.address());
	}

	private String runId(CompletionStage<String> info) {
		return ServerFacts.parse(this.cluster.await("cannot ask the server who it is", info)).runId();
	}

	/** The page, null if the server is not what it was when its listing began. */
	private @Nullable KeyPage page(KeyRange range, ClusterCursor cursor, int limit) {
		ClusterNode node = (cursor.node() != null) ? this.cluster.view().primary(cursor.node()) : null;
		if (node == null) {
			return null;
		}
		RedisAsyncCommands<byte[], byte[]> commands = this.cluster.server(node.address()).server();
		CompletionStage<String> info = commands.info("server");
		CompletionStage<KeyScanCursor<byte[]>> scanned = commands
			.scan(io.lettuce.core.ScanCursor.of(cursor.scan().scan()), ScannedPart.arguments(range.prefix(), limit));
		// Asked behind SCAN, and before the next: what it gave was there throughout.
		ClusterNode now = now(node, commands.clusterNodes());
		if (now == null || !now.id().equals(cursor.node()) || !runId(info).equals(cursor.scan().runId())) {
			return null;
		}
		SlotSet held = cursor.slots().within(now.steady());
		if (held.isEmpty()) {
			return null;
		}
		ScannedPart shown = ScannedPart.of(this.cluster.await(RedisStore.LISTING, scanned), cursor.scan(),
				(key) -> key.startsWith(range.prefix()) && held.contains(key), limit);
		return new KeyPage(this.keys.listed(shown.keys()), cursor.with(held).behind(shown.next()));
	}

}
