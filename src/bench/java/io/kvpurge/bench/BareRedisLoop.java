package io.kvpurge.bench;

import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.KeyScanCursor;

/**
 * What one writes who wants nothing but speed: SCAN with a large COUNT, and UNLINK of
 * what it gave, 1,000 keys a command, while the next SCAN is under way. No ledger, no
 * resume, no limits. Arguments: URL, pattern.
 */
public final class BareRedisLoop {

	private static final int COUNT = 5_000;

	private static final int KEYS_A_COMMAND = 1_000;

	private BareRedisLoop() {
	}

	public static void main(String[] args) throws Exception {
		RedisClient client = RedisClient.create(RedisURI.create(args[0]));
		long start = System.nanoTime();
		long deleted = 0;
		try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
			RedisAsyncCommands<byte[], byte[]> commands = connection.async();
			ScanArgs arguments = ScanArgs.Builder.limit(COUNT).match(args[1]);
			RedisFuture<KeyScanCursor<byte[]>> scan = commands.scan(ScanCursor.INITIAL, arguments);
			List<RedisFuture<Long>> unlinks = new ArrayList<>();
			while (scan != null) {
				KeyScanCursor<byte[]> page = scan.get();
				scan = page.isFinished() ? null : commands.scan(page, arguments);
				for (RedisFuture<Long> unlink : unlinks) {
					deleted += unlink.get();
				}
				unlinks.clear();
				List<byte[]> keys = page.getKeys();
				for (int from = 0; from < keys.size(); from += KEYS_A_COMMAND) {
					unlinks.add(commands.unlink(
							keys.subList(from, Math.min(keys.size(), from + KEYS_A_COMMAND)).toArray(byte[][]::new)));
				}
			}
			for (RedisFuture<Long> unlink : unlinks) {
				deleted += unlink.get();
			}
		}
		System.out.printf("deleted %d work %.3f%n", deleted, (System.nanoTime() - start) / 1e9);
		client.shutdown();
	}

}
