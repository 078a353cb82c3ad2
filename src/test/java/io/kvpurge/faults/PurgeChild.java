package io.kvpurge.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import io.kvpurge.broker.BrokerAddress;
import io.kvpurge.broker.BrokerException;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.job.ChildJobs;
import io.kvpurge.job.PurgeJobs;
import io.kvpurge.job.PurgeWorker;
import io.kvpurge.job.RunListener;
import io.kvpurge.job.RunRequest;
import io.kvpurge.job.WorkerListener;
import io.kvpurge.ledger.DatabaseBusyException;
import io.kvpurge.ledger.FencedException;
import io.kvpurge.ledger.LedgerException;
import io.kvpurge.ledger.RangeProgress;
import io.kvpurge.ledger.RunId;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreException;
import io.kvpurge.testkit.FaultyKeyValueStore;
import io.kvpurge.testkit.FaultyKeyValueStore.Faults;

/**
 * A process that runs the purge, with a trap and faults in it. Its exit status is that of
 * kvpurge, or {@link #DEFECT}.
 */
final class PurgeChild {

	/** Something happened that kvpurge has no words for. */
	static final int DEFECT = 70;

	/** Somebody else is running the purge. */
	static final int BUSY = 5;

	/**
	 * Where others run at the same time: how long the store may take, and how long after
	 * its begin a delete may take effect.
	 */
	private static final Duration RIVAL_DELAY = Duration.ofSeconds(3);

	private static final Faults FAULTS = new Faults(0.1, 0.2, 0.1, 0.1, 0.15, 0.3, Scene::isRefused);

	private static final CountDownLatch finished = new CountDownLatch(1);

	private static volatile boolean signalled;

	private final Setting setting;

	private final Launch launch;

	private final EventLog events;

	private final Trap trap;

	private PurgeChild(Setting setting, Launch launch) {
		this.setting = setting;
		this.launch = launch;
		this.events = new EventLog(setting.events());
		this.trap = new Trap(launch.point(), launch.occurrence(), this.events);
	}

	public static void main(String[] arguments) throws Exception {
		int status = new PurgeChild(Setting.parse(arguments), Launch.parse(arguments)).run();
		finished.countDown();
		if (!signalled) {
			System.exit(status);
		}
	}

	private int run() throws Exception {
		HookedDriver.install(this.setting.ledgerUrlPrefix(), new LedgerHooks(this.trap, this.events, this.launch));
		PurgeDefinition definition = new DefinitionReader().read(Files.readString(this.setting.definition()),
				Scene.NAME);
		this.events.write(EventLog.STARTED);
		Duration silence = this.setting.rival() ? RIVAL_DELAY.plusSeconds(2) : Duration.ofSeconds(20);
		Clock clock = Clock.offset(Clock.systemUTC(), this.launch.clockShift());
		try {
			if (this.setting.isWorker()) {
				PurgeWorker worker = ChildJobs.worker(this.setting.home(), this::open, silence, this.setting.settings(),
						new Said(), clock);
				Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker::requestStop)));
				worker.run(null);
				return 0;
			}
			PurgeJobs jobs = ChildJobs.create(this.setting.home(), this::open, silence, this.setting.settings(), clock);
			Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(jobs::requestStop)));
			BoundDefinition bound = definition.bind(Map.of());
			RunReport report = jobs.run(new RunRequest(this.setting.broker().isEmpty() ? bound : bound.withWorkers(),
					RunMode.PURGE, false, this.setting.rival() ? Duration.ofMinutes(2) : Duration.ZERO),
					RunListener.NONE);
			System.out.println(report.run().state() + " " + report.counts() + " " + report.errors());
			return report.exitCode().status();
		}
		catch (DatabaseBusyException ex) {
			System.out.println("busy: " + ex.getMessage());
			return BUSY;
		}
		catch (DataAccessException | TransactionException | LedgerException | FencedException | StoreException
				| BrokerException ex) {
			System.out.println("failed: " + ex);
			return 1;
		}
		catch (RuntimeException ex) {
			ex.printStackTrace(System.out);
			return DEFECT;
		}
	}

	private KeyValueStore open(PurgeDefinition definition) {
		KeyValueStore store = this.setting.rival() ? definition.store().open(System::getenv, RIVAL_DELAY)
				: definition.store().open(System::getenv);
		if (this.launch.fault() == Fault.STORE) {
			this.events.write(EventLog.HIT + Fault.STORE);
			store = new FaultyKeyValueStore(store, FAULTS, this.launch.occurrence());
		}
		return new HookedStore(store, this.trap, this.events, this.setting.pageLimit(), this.setting.bulkLimit(),
				this.setting.rival() ? RIVAL_DELAY : Duration.ZERO, this.launch);
	}

	/** As the command line does on a signal. */
	private static void stop(Consumer<String> stop) {
		if (finished.getCount() == 0) {
			return;
		}
		signalled = true;
		stop.accept("stopped by a signal");
		try {
			finished.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Tells the parent what a worker does. */
	private static final class Said implements WorkerListener {

		@Override
		public void onReady(String worker) {
			System.out.println("ready " + worker);
		}

		@Override
		public void onRange(RunId run, String range) {
			System.out.println(range + " begun");
		}

		@Override
		public void onRangeEnd(RunId run, String range, String how, RangeProgress progress) {
			System.out.println(range + " " + how);
		}

		@Override
		public void onParked(RunId run, String why) {
			System.out.println("parked: " + why);
		}

	}

	/**
	 * What is the same for all launches of a run.
	 *
	 * @param home where the ledger is
	 * @param definition the file of the definition
	 * @param events where to write what was done
	 * @param ledgerUrlPrefix what the ledger's URL begins with, and the store's does not
	 * @param pageLimit the most entries of a page
	 * @param bulkLimit the most keys of a call
	 * @param rival whether another child may be alive meanwhile: it waits for its turn,
	 * and before it looks into what that one has begun
	 * @param broker the broker's URL, empty if the child does all itself
	 * @param isWorker whether it launches nothing, and works on ranges
	 */
	record Setting(String home, Path definition, Path events, String ledgerUrlPrefix, int pageLimit, int bulkLimit,
			boolean rival, String broker, boolean isWorker) {

		Setting(String home, Path definition, Path events, String ledgerUrlPrefix, int pageLimit, int bulkLimit,
				boolean rival) {
			this(home, definition, events, ledgerUrlPrefix, pageLimit, bulkLimit, rival, "", false);
		}

		/** For one that works on the ranges of others, or has others work on its own. */
		Setting with(String brokerUrl, boolean worker) {
			return new Setting(this.home, this.definition, this.events, this.ledgerUrlPrefix, this.pageLimit,
					this.bulkLimit, this.rival, brokerUrl, worker);
		}

		/** The same with its ledger reached by another way. */
		Setting through(String otherHome) {
			return new Setting(otherHome, this.definition, this.events, this.ledgerUrlPrefix, this.pageLimit,
					this.bulkLimit, this.rival, this.broker, this.isWorker);
		}

		Settings settings() {
			return this.broker.isEmpty() ? Settings.DEFAULT
					: Settings.DEFAULT.withBroker(BrokerAddress.of(this.broker, null, null));
		}

		List<String> arguments() {
			return List.of("home=" + this.home, "definition=" + this.definition, "events=" + this.events,
					"ledger=" + this.ledgerUrlPrefix, "page=" + this.pageLimit, "bulk=" + this.bulkLimit,
					"rival=" + this.rival, "broker=" + this.broker, "worker=" + this.isWorker);
		}

		static Setting parse(String[] arguments) {
			Map<String, String> values = new HashMap<>();
			for (String argument : arguments) {
				values.put(argument.substring(0, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
			}
			return new Setting(values.get("home"), Path.of(values.get("definition")), Path.of(values.get("events")),
					values.get("ledger"), Integer.parseInt(values.get("page")), Integer.parseInt(values.get("bulk")),
					Boolean.parseBoolean(values.get("rival")), values.get("broker"),
					Boolean.parseBoolean(values.get("worker")));
		}

	}

}
