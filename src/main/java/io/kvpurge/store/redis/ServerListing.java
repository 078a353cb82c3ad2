package io.kvpurge.store.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.api.async.RedisAsyncCommands;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyLister;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.ListingPosition;

/** Lists the keys of one server. */
final class ServerListing implements KeyLister {

	private final ServerConnection connection;

	private final KeyReading keys;

	ServerListing(ServerConnection connection, KeyReading keys) {
		this.connection = connection;
		this.keys = keys;
	}

	/** One range for each prefix: SCAN goes through all keys, whatever it looks for. */
	@Override
	public List<KeyRange> split(List<Key> prefixes, int wanted) {
		return prefixes.stream().map(KeyRange::of).toList();
	}

	@Override
	public KeyPage list(KeyRange range, ListingPosition from, int limit) {
		RedisAsyncCommands<byte[], byte[]> commands = this.connection.server();
		// Over one connection: the server that says who it is is the one that lists.
		CompletionStage<String> info = commands.info("server");
		ScanCursor cursor = (from.cursor() != null) ? ScanCursor.parse(from.cursor()) : ScanCursor.start("");
		CompletionStage<KeyScanCursor<byte[]>> scanned = commands.scan(io.lettuce.core.ScanCursor.of(cursor.scan()),
				ScannedPart.arguments(range.prefix(), limit));
		String runId = ServerFacts.parse(this.connection.await("cannot ask the server who it is", info)).runId();
		KeyScanCursor<byte[]> part = this.connection.await(RedisStore.LISTING, scanned);
		if (from.cursor() != null && !runId.equals(cursor.runId())) {
			// Started again, or another one, it sorts its keys otherwise: the cursor is
			// nowhere.
			return list(range, ListingPosition.START, limit);
		}
		ScannedPart shown = ScannedPart.of(part, new ScanCursor(runId, cursor.scan(), cursor.next(), cursor.after()),
				(key) -> key.startsWith(range.prefix()), limit);
		ScanCursor next = shown.next();
		return new KeyPage(this.keys.listed(shown.keys()), (next != null) ? next.cursor() : null);
	}

}
