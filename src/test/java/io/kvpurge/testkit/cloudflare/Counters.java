package io.kvpurge.testkit.cloudflare;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** How often something has happened so far. */
public final class Counters {

	private final AtomicLong requests = new AtomicLong();

	private final AtomicIntegerArray calls = new AtomicIntegerArray(Call.values().length);

	private final AtomicInteger throttled = new AtomicInteger();

	private final AtomicInteger gzipped = new AtomicInteger();

	private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();

	private final AtomicInteger bulkCalls = new AtomicInteger();

	private final AtomicInteger mostBulkCalls = new AtomicInteger();

	Counters() {
	}

	/** Requests of a kind, however they ended, if their token was right. */
	public int requests(Call call) {
		return this.calls.get(call.ordinal());
	}

	/** All requests, those without a right token too. */
	public long requests() {
		return this.requests.get();
	}

	/** Answers with status 429, for whatever reason. */
	public int throttled() {
		return this.throttled.get();
	}

	public int gzipped() {
		return this.gzipped.get();
	}

	/** Connections of clients, by their ports. */
	public int connections() {
		return this.connections.size();
	}

	/** The most bulk calls that were under way at once, refused ones too. */
	public int mostBulkCallsAtOnce() {
		return this.mostBulkCalls.get();
	}

	long request(InetSocketAddress client) {
		this.connections.add(client);
		return this.requests.incrementAndGet();
	}

	void called(Call call) {
		this.calls.incrementAndGet(call.ordinal());
	}

	void answered(Answer answer, boolean zipped) {
		if (answer.status() == 429) {
			this.throttled.incrementAndGet();
		}
		if (zipped) {
			this.gzipped.incrementAndGet();
		}
	}

	/** How many are under way now, with this one. */
	int bulkCallBegins() {
		int now = this.bulkCalls.incrementAndGet();
		this.mostBulkCalls.accumulateAndGet(now, Math::max);
		return now;
	}

	void bulkCallEnds() {
		this.bulkCalls.decrementAndGet();
	}

}
