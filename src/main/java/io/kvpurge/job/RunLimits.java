package io.kvpurge.job;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.bucket4j.Bucket;
import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.RemoteRuns;
import io.kvpurge.ledger.RemoteWorker;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.store.RequestRate;
import io.kvpurge.store.StoreCapabilities;
import io.kvpurge.store.resilient.SharedLimits;
import io.kvpurge.store.resilient.SharedPace;
import io.kvpurge.store.resilient.Traffic;

/** What the processes of one run have agreed on, in the database that they share. */
final class RunLimits implements SharedLimits {

	private final RemoteRuns remote;

	private final RunFence fence;

	private final @Nullable Bucket bucket;

	private final Queue<Runnable> taken = new ConcurrentLinkedQueue<>();

	private RunLimits(RemoteRuns remote, RunFence fence, @Nullable RequestRate rate) {
		this.remote = remote;
		this.fence = fence;
		this.bucket = (rate != null) ? remote.bucket(fence, SharedPace.bandwidth(rate)) : null;
	}

	/** The way to the store for one of several processes. */
	static Traffic traffic(RemoteRuns remote, RunFence fence, StoreCapabilities capabilities,
			@Nullable RequestRate rate) {
		return Traffic.shared(capabilities, new RunLimits(remote, fence, rate), rate);
	}

	@Override
	public long reserve(int requests) {
		return (this.bucket != null) ? this.bucket.consumeIgnoringRateLimits(requests) : 0;
	}

	@Override
	public void pause(Duration duration) {
		this.remote.pause(this.fence, duration);
	}

	@Override
	public Duration paused() {
		return this.remote.signals(this.fence).paused();
	}

	@Override
	public boolean enter(int places) {
		Runnable place = this.remote.bulkPlace(this.fence, places);
		if (place != null) {
			this.taken.add(place);
		}
		return place != null;
	}

	/** Which one does not matter. */
	@Override
	public void leave() {
		Runnable place = this.taken.poll();
		if (place != null) {
			place.run();
		}
	}

	@Override
	public int processes() {
		return (int) this.remote.workers().stream().filter(RemoteWorker::isAlive).count();
	}

}
