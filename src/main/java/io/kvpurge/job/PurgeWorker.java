package io.kvpurge.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.broker.RangeMessage;
import io.kvpurge.broker.RangeReceiver;
import io.kvpurge.broker.RangeReceiver.Work;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RemoteRuns;
import io.kvpurge.ledger.RemoteSignals;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunOrigin;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.resilient.RetrySettings;

/**
 * Works on ranges of runs that other processes launched, until it is asked to stop. What
 * it does and may do is read from the ledger; a message only says where to look.
 */
public final class PurgeWorker {

	private static final Log logger = LogFactory.getLog(PurgeWorker.class);

	private static final Duration TICK = Duration.ofSeconds(1);

	private final WorkerRun.Surroundings here;

	private final RemoteRuns remote;

	private final BrokerAddress broker;

	private final int slots;

	private final WorkerListener listener;

	private final Clock clock;

	private final String name;

	private final JobRepository jobRepository;

	private final RangeGuard guard;

	private final StopSignal stop = new StopSignal();

	private final WorkerRuns runs;

	private final Set<RangeTask> tasks = ConcurrentHashMap.newKeySet();

	/**
	 * @param home where the ledgers are
	 * @param settings how to work, with the broker
	 * @param environment gives the value of a variable, null if it is not set
	 * @param origin who works
	 * @param slots how many ranges at once
	 * @throws io.kvpurge.definition.DefinitionException if there is no shared database or
	 * no broker
	 */
	public PurgeWorker(Home home, Settings settings, UnaryOperator<@Nullable String> environment, RunOrigin origin,
			int slots, WorkerListener listener, Clock clock) {
		this((definition) -> definition.store().open(environment, settings.requestTimeout()), RetrySettings.DEFAULT,
				home, settings, origin, slots, listener, clock);
	}

	PurgeWorker(Function<PurgeDefinition, KeyValueStore> storeOpening, RetrySettings retry, Home home,
			Settings settings, RunOrigin origin, int slots, WorkerListener listener, Clock clock) {
		RemoteRuns shared = home.remoteRuns();
		BrokerAddress address = settings.broker();
		if (shared == null) {
			throw PurgeJobs.problem("a worker needs the ledger that it shares with whoever launches: set"
					+ " KVPURGE_DATABASE_URL to a PostgreSQL database");
		}
		if (address == null) {
			throw PurgeJobs.problem("a worker needs a broker: set KVPURGE_BROKER_URL to that of an Apache Artemis,"
					+ " such as tcp://HOST:61616");
		}
		this.remote = shared;
		this.broker = address;
		this.here = new WorkerRun.Surroundings(shared, home, settings, origin.version(), storeOpening, retry);
		this.slots = slots;
		this.runs = new WorkerRuns(this.here, slots);
		this.listener = listener;
		this.clock = clock;
		// The process may have the same number in every container.
		this.name = origin.host() + "/" + origin.pid() + "/" + Long.toString(clock.millis() % 46_656, 36);
		this.jobRepository = JobRepositories.of(shared.dataSource());
		this.guard = new RangeGuard(this.jobRepository, shared);
	}

	/** Asks it to leave: its ranges go to others at their next chunk. */
	public void requestStop(String reason) {
		this.stop.request(reason);
		this.tasks.forEach((task) -> task.leave(reason));
	}

	/**
	 * Works until it is asked to stop, and returns when all of its ranges have ended.
	 * @param idleFor ends as well when there was nothing to do for so long, null for
	 * never
	 * @throws io.kvpurge.broker.BrokerException if the broker cannot be reached at first
	 */
	public void run(@Nullable Duration idleFor) {
		ExecutorService pages = threads("page");
		ExecutorService calls = threads("call");
		RangeExecution execution = new RangeExecution(this.name, this.remote, this.jobRepository, this.guard, pages,
				calls, this.listener, this.clock);
		try (this.runs;
				RangeReceiver receiver = new RangeReceiver(this.broker, this.remote.queue(), this.slots,
						(range) -> work(range, execution))) {
			sign();
			receiver.start();
			this.listener.onReady(this.name);
			stay(receiver, idleFor);
		}
		finally {
			pages.shutdown();
			calls.shutdown();
			signOut();
		}
	}

	/** One for each slot. */
	private ExecutorService threads(String name) {
		return Executors.newFixedThreadPool(this.slots, (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		});
	}

	private void stay(RangeReceiver receiver, @Nullable Duration idleFor) {
		Instant busyAt = this.clock.instant();
		while (!this.stop.isRequested()) {
			try {
				sign();
				this.tasks.forEach(this::look);
				this.runs.forgetEnded((attempt) -> this.tasks.stream().anyMatch((task) -> task.fence().equals(attempt)))
					.forEach((attempt) -> receiver.takeAgain(RemoteRanges.attempt(attempt)));
			}
			catch (RuntimeException ex) {
				// The database is away for a moment; what is at work meets the same
				// trouble.
				logger.debug("cannot look at the runs", ex);
			}
			Instant now = this.clock.instant();
			if (!this.tasks.isEmpty()) {
				busyAt = now;
			}
			if (idleFor != null && Duration.between(busyAt, now).compareTo(idleFor) > 0) {
				requestStop("there was nothing to do");
			}
			pause();
		}
	}

	private void sign() {
		this.remote.sign(this.name, this.here.version(), this.slots, this.runs.remark());
	}

	private void signOut() {
		try {
			this.remote.signOut(this.name);
		}
		catch (RuntimeException ex) {
			logger.debug("cannot sign out: the others see that it is silent", ex);
		}
	}

	/** Whoever launched may be dead: then nobody else sees a hold. */
	private void look(RangeTask task) {
		RemoteSignals signals = this.remote.signals(task.fence());
		if (signals.stopping() != null) {
			task.obey(signals.stopping());
		}
		Hold hold = this.here.home().definition(task.fence().run().definition()).activeHold();
		if (hold != null) {
			task.obey("held: " + hold.text());
		}
	}

	private Work work(RangeMessage message, RangeExecution execution) {
		try {
			return workOn(message, execution);
		}
		catch (FencedException ex) {
			// The attempt is over; the next one sends messages of its own.
			return Work.ENDED;
		}
		catch (RuntimeException ex) {
			logger.warn("cannot work on a range of " + message.attempt() + ": " + ex.getMessage());
			pause();
			return Work.GIVEN_BACK;
		}
	}

	private Work workOn(RangeMessage message, RangeExecution execution) {
		StepExecution step = this.guard.wanted(message);
		PurgeRun run = (step != null) ? this.guard.run(step, message) : null;
		if (run == null) {
			return Work.ENDED;
		}
		RangeTask task = new RangeTask(new RunFence(run.id(), run.fence()), this.jobRepository);
		this.tasks.add(task);
		try {
			WorkerRun open = this.runs.open(run);
			if (open == null) {
				return Work.ENDED;
			}
			// Whoever asks this worker to leave has seen the task, or is seen here.
			boolean hasEnded = !this.stop.isRequested() && execution.work(message, open, run, task);
			return hasEnded ? Work.ENDED : Work.GIVEN_BACK;
		}
		catch (UnfitException ex) {
			if (this.runs.park(task.fence(), ex.why())) {
				this.listener.onParked(run.id(), ex.why());
			}
			return Work.NOT_FIT;
		}
		finally {
			this.tasks.remove(task);
		}
	}

	private void pause() {
		try {
			this.stop.await(TICK);
		}
		catch (InterruptedException ex) {
			// It ends, which the caller sees.
		}
	}

}
