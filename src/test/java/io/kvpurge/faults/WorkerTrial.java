package io.kvpurge.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import io.kvpurge.testkit.ArtemisServer;
import io.kvpurge.testkit.DurablePostgresqlServer;
import io.kvpurge.testkit.PostgresqlServer;
import io.kvpurge.testkit.TcpProxy;

/**
 * A process that launches a run and three that work on its ranges, each of them a JVM of
 * its own; one of them, the broker or the database is hit in the midst of it. Then the
 * run is launched again until it is completed, and the oracle judges.
 */
final class WorkerTrial {

	private static final int WORKERS = 3;

	private static final int MOST_LAUNCHES = 8;

	/** Pages that are listed before the blow, at most. */
	private static final int LATEST = 60;

	/** So long others wait for the range of a process that is silent, and some more. */
	private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(8);

	/** The broker gives silent clients up as fast as the database of a trial does. */
	private static final String OPTIONS = "?connectionTTL=4000&clientFailureCheckPeriod=1000&callTimeout=2000";

	private final Scene scene;

	private final SharedPlace place;

	/** The ledger's own server, null where it is that of all tests. */
	private final @Nullable DurablePostgresqlServer database;

	private final Blow blow;

	private final ArtemisServer broker;

	private final Path folder;

	private final EventLog events;

	private final PurgeChild.Setting setting;

	private final Random random;

	private final long seed;

	private final List<String> violations = new ArrayList<>();

	private int launches;

	WorkerTrial(Scene scene, ArtemisServer broker, Path folder, long seed, Blow blow) throws IOException {
		this.scene = scene;
		this.blow = blow;
		this.database = (blow == Blow.DATABASE_KILLED) ? new DurablePostgresqlServer(folder.resolve("data")) : null;
		this.place = (this.database != null) ? new SharedPlace(this.database.url()) : SharedPlace.create();
		this.broker = broker;
		this.folder = Files.createDirectories(folder);
		this.seed = seed;
		this.random = new Random(seed);
		this.events = new EventLog(folder.resolve("events.txt"));
		Path definition = folder.resolve("faults.yaml");
		Files.writeString(definition, scene.definition(this.random.nextInt(4) == 0));
		this.setting = new PurgeChild.Setting(this.place.home(), definition, this.events.file(), this.place.urlPrefix(),
				5 + this.random.nextInt(15), 5 + this.random.nextInt(40), true)
			.with(broker.url() + OPTIONS, false);
	}

	/**
	 * Runs it.
	 * @return what the oracle finds wrong
	 */
	List<String> run() throws Exception {
		try {
			return judged();
		}
		finally {
			if (this.database != null) {
				this.database.close();
			}
		}
	}

	private List<String> judged() throws Exception {
		this.scene.fill("C", Instant.now().plus(Duration.ofHours(100)).toString());
		Oracle oracle = new Oracle(this.scene, this.place, this.events);
		List<ChildProcess> workers = new ArrayList<>();
		long changes;
		try (SecondWriter writer = new SecondWriter(this.scene, this.seed);
				TcpProxy toBroker = new TcpProxy(this.broker.port());
				TcpProxy toDatabase = new TcpProxy(databasePort())) {
			writer.start();
			ChildProcess launcher = start(this.setting);
			workers.add(victim(toBroker, toDatabase));
			while (workers.size() < WORKERS) {
				workers.add(start(this.setting.with(this.setting.broker(), true)));
			}
			int pages = 1 + this.random.nextInt(LATEST);
			Awaitility.await()
				.atMost(Duration.ofMinutes(5))
				.pollInterval(Duration.ofMillis(5))
				.until(() -> listed() >= pages || !launcher.isAlive());
			strike(launcher, workers.get(0), toBroker, toDatabase);
			complete(launcher);
			if (this.blow == Blow.WORKER_FROZEN) {
				thaw(workers.get(0));
			}
			writer.close();
			changes = writer.changes();
			toBroker.heal();
			toDatabase.heal();
			for (ChildProcess worker : workers) {
				end(worker, this.blow == Blow.WORKER_KILLED && worker == workers.get(0));
			}
		}
		finally {
			workers.forEach(ChildProcess::close);
		}
		this.scene.awaitNoChild();
		oracle.judgeCompletion(this.launches, 0, changes);
		this.violations.addAll(oracle.violations());
		return this.violations;
	}

	private long listed() {
		return this.events.lines().stream().filter((line) -> line.startsWith(EventLog.LISTED)).count();
	}

	private int databasePort() {
		return (this.database != null) ? this.database.port() : PostgresqlServer.port();
	}

	private ChildProcess victim(TcpProxy toBroker, TcpProxy toDatabase) {
		String home = this.setting.home().replace(":" + databasePort() + "/", ":" + toDatabase.port() + "/");
		return start(this.setting.with("tcp://127.0.0.1:" + toBroker.port() + OPTIONS, true).through(home));
	}

	private ChildProcess start(PurgeChild.Setting child) {
		if (!child.isWorker()) {
			this.launches++;
		}
		return ChildProcess.start(this.folder, child, Launch.failing(Fault.SLOW, 0));
	}

	private void strike(ChildProcess launcher, ChildProcess victim, TcpProxy toBroker, TcpProxy toDatabase)
			throws Exception {
		switch (this.blow) {
			case NONE -> {
			}
			case WORKER_KILLED -> victim.close();
			case WORKER_FROZEN -> victim.freeze();
			case WORKER_TERMINATED -> victim.terminate();
			case WORKER_CUT_FROM_BROKER -> cut(toBroker);
			case WORKER_CUT_FROM_DATABASE -> cut(toDatabase);
			case LAUNCHER_KILLED -> {
				launcher.close();
				pause(Duration.ofSeconds(1));
			}
			case LAUNCHER_TERMINATED -> launcher.terminate();
			case BROKER_RESTARTED -> {
				this.broker.stop();
				pause(LONGEST_OUTAGE);
				this.broker.start();
			}
			case DATABASE_KILLED -> {
				this.database.kill();
				pause(LONGEST_OUTAGE);
				this.database.start();
			}
			case SESSIONS_ENDED -> endSessions();
		}
	}

	/** Reset, or silent, for a while. */
	private void cut(TcpProxy proxy) {
		if (this.random.nextBoolean()) {
			proxy.goSilent();
		}
		else {
			proxy.refuse();
			proxy.cut();
		}
		pause(LONGEST_OUTAGE);
		proxy.heal();
	}

	private void pause(Duration longest) {
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.random.nextInt((int) longest.toMillis())));
	}

	/** Of the ledger, as a server that is restarted does. */
	private void endSessions() throws Exception {
		try (Connection ledger = DriverManager.getConnection(this.place.home())) {
			this.scene.endSessions(ledger);
		}
	}

	/** As a scheduler does: launched again until it is done. */
	private void complete(ChildProcess first) throws Exception {
		int status = first.await();
		String said = first.output();
		while (status != 0 && this.launches < MOST_LAUNCHES) {
			if (said.contains("\tat ")) {
				this.violations.add("a launch ended with " + status + ": " + said);
			}
			try (ChildProcess again = start(this.setting)) {
				status = again.await();
				said = again.output();
			}
		}
		if (status != 0) {
			this.violations.add("not completed, status " + status + ": " + said);
		}
	}

	private void thaw(ChildProcess victim) throws Exception {
		long before = deleted();
		victim.thaw();
		pause(Duration.ofSeconds(3));
		if (deleted() != before) {
			this.violations.add("a thawed worker deleted " + (deleted() - before) + " keys");
		}
	}

	private long deleted() throws Exception {
		try (Connection store = this.scene.connect("oracle")) {
			return Long.parseLong(Scene.texts(store, "select count(*) from journal where who = 'kvpurge'").get(0));
		}
	}

	private void end(ChildProcess worker, boolean killed) throws Exception {
		worker.terminate();
		int status = worker.await();
		String said = worker.output();
		// One that begins while broker or database is away says so, and ends.
		boolean isTooEarly = status == 1 && this.blow != Blow.NONE && !said.contains("ready ");
		if ((killed ? status != 137 : status != 143 && !isTooEarly) || said.contains("\tat ")) {
			this.violations.add("a worker ended with " + status + ": " + said);
		}
	}

}
