package io.kvpurge.store.redis;

import java.util.Map;
import java.util.stream.Collectors;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.TransientStoreException;

/**
 * What the server says of itself.
 *
 * @param version its version, 7002 for 7.2
 * @param runId the same until it is started again
 * @param evictionPolicy its {@code maxmemory-policy}
 * @param cluster whether it is one of a cluster
 * @param replica whether it follows another one, and takes no deletes
 */
record ServerFacts(int version, String runId, String evictionPolicy, boolean cluster, boolean replica) {

	private static final int NO_TOUCH_SINCE = 7002;

	private static final int EXPIRE_TIME_SINCE = 7000;

	private static final int LEAST = 6002;

	static ServerFacts parse(String info) {
		Map<String, String> fields = info.lines()
			.filter((line) -> line.indexOf(':') > 0)
			.collect(Collectors.toMap((line) -> line.substring(0, line.indexOf(':')),
					(line) -> line.substring(line.indexOf(':') + 1).strip(), (one, other) -> other));
		// Valkey goes on from 7.2.4, and says so under Redis's name.
		String[] version = fields.getOrDefault("redis_version", "0.0").split("\\.", -1);
		int number = (version.length < 2) ? 0 : number(version[0]) * 1000 + number(version[1]);
		return new ServerFacts(number, fields.getOrDefault("run_id", ""), fields.getOrDefault("maxmemory_policy", ""),
				fields.getOrDefault("cluster_enabled", "0").equals("1"),
				fields.getOrDefault("role", "").equals("slave"));
	}

	private static int number(String text) {
		return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
	}

	boolean canLeaveUntouched() {
		return this.version >= NO_TOUCH_SINCE;
	}

	boolean knowsExpireTime() {
		return this.version >= EXPIRE_TIME_SINCE;
	}

	/**
	 * Refuses a server that is not what the definition says.
	 * @throws InvalidStoreException if the definition needs a change
	 * @throws TransientStoreException if it may be so a little later
	 */
	void requireAs(StoreAddress.Kind kind) {
		if (this.cluster && kind != StoreAddress.Kind.CLUSTER) {
			throw new InvalidStoreException("store: the server is one of a cluster, and its keys are only some of all:"
					+ " say 'cluster: true' beside 'url'");
		}
		if (!this.cluster && kind == StoreAddress.Kind.CLUSTER) {
			throw new InvalidStoreException("store: the server is none of a cluster: leave 'cluster: true' out");
		}
		if (this.replica && kind == StoreAddress.Kind.SENTINEL) {
			throw new TransientStoreException("the server that the sentinels name is a replica by now", null, null);
		}
		if (this.replica && kind == StoreAddress.Kind.SERVER) {
			throw new InvalidStoreException("store: the server is a replica, which takes no deletes: name its primary");
		}
	}

	/**
	 * Refuses what the server cannot tell, or not without changing it.
	 * @throws InvalidStoreException if it cannot
	 */
	void requireFor(Reading reading) {
		if (this.version < LEAST) {
			throw new InvalidStoreException("store: the server is older than Redis 6.2, which kvpurge needs");
		}
		boolean counts = this.evictionPolicy.endsWith("-lfu");
		if (reading.idle() && counts) {
			throw new InvalidStoreException(
					"the rule asks for metadata.idle, but with maxmemory-policy " + this.evictionPolicy
							+ " the server does not know idle times: ask for metadata.freq, or change the" + " policy");
		}
		if (reading.freq() && !counts) {
			throw new InvalidStoreException("the rule asks for metadata.freq, but with maxmemory-policy "
					+ this.evictionPolicy + " the server does not count uses: ask for metadata.idle, or choose"
					+ " allkeys-lfu or volatile-lfu");
		}
		if ((reading.idle() || reading.freq()) && reading.hasContents() && !canLeaveUntouched()) {
			throw new InvalidStoreException("the rule asks for metadata.idle or metadata.freq and for contents, but"
					+ " this server counts reading as use (CLIENT NO-TOUCH needs Redis 7.2 or Valkey): ask for one of"
					+ " them");
		}
	}

}
