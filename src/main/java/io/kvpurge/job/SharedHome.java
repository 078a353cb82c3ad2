package io.kvpurge.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.LedgerDatabase;
import io.kvpurge.ledger.LedgerRange;
import io.kvpurge.ledger.PostgresqlLedgers;
import io.kvpurge.ledger.PurgeRun;
import io.kvpurge.ledger.RemoteRuns;
import io.kvpurge.ledger.RunAttempt;
import io.kvpurge.ledger.RunFence;
import io.kvpurge.ledger.RunStage;
import io.kvpurge.ledger.RunState;
import io.kvpurge.ledger.RunTotals;

/**
 * State in a database that several hosts share. What runs is seen in the ledger itself.
 */
final class SharedHome implements Home {

	private static final String ALL = "*";

	private final PostgresqlLedgers ledgers;

	private final Clock clock;

	SharedHome(PostgresqlLedgers ledgers, Clock clock) {
		this.ledgers = ledgers;
		this.clock = clock;
	}

	@Override
	public String location() {
		return this.ledgers.location();
	}

	@Override
	public DefinitionHome definition(String name) {
		return new SharedDefinition(name);
	}

	@Override
	public List<DefinitionHome> definitions() {
		TreeSet<String> names = new TreeSet<>(this.ledgers.holds());
		names.remove(ALL);
		try (LedgerDatabase database = this.ledgers.read()) {
			names.addAll(database.ledger().definitions());
		}
		return names.stream().map(this::definition).toList();
	}

	@Override
	public Hold hold() {
		return new TableHold(this.ledgers, ALL);
	}

	@Override
	public RemoteRuns remoteRuns() {
		return this.ledgers.remoteRuns();
	}

	@Override
	public void close() {
		this.ledgers.close();
	}

	/**
	 * A hold that is a row.
	 *
	 * @param ledgers the database
	 * @param name whom it holds
	 */
	private record TableHold(PostgresqlLedgers ledgers, String name) implements Hold {

		@Override
		public boolean isSet() {
			return this.ledgers.hold(this.name) != null;
		}

		@Override
		public void set(String text) {
			this.ledgers.setHold(this.name, text);
		}

		@Override
		public boolean lift() {
			return this.ledgers.liftHold(this.name);
		}

		@Override
		public String text() {
			String text = this.ledgers.hold(this.name);
			return (text != null) ? text : "";
		}

	}

	/** One definition's part of the tables. */
	private final class SharedDefinition implements DefinitionHome {

		private final String name;

		SharedDefinition(String name) {
			this.name = name;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public boolean hasLedger() {
			try (LedgerDatabase database = read()) {
				return database.ledger().latest(this.name, null) != null;
			}
		}

		@Override
		public LedgerDatabase own() {
			return SharedHome.this.ledgers.own(this.name);
		}

		@Override
		public LedgerDatabase read() {
			return SharedHome.this.ledgers.read();
		}

		@Override
		public Path workFolder() throws IOException {
			return Files.createTempDirectory("kvpurge-");
		}

		@Override
		public Hold hold() {
			return new TableHold(SharedHome.this.ledgers, this.name);
		}

		@Override
		public @Nullable Hold activeHold() {
			return Hold.firstSet(SharedHome.this.hold(), hold());
		}

		@Override
		public @Nullable LiveRun live() {
			if (!SharedHome.this.ledgers.isOwned(this.name)) {
				return null;
			}
			try (LedgerDatabase database = read()) {
				DeletionLedger ledger = database.ledger();
				for (PurgeRun run : ledger.runs(this.name)) {
					if (run.state() == RunState.RUNNING) {
						return live(ledger, run);
					}
				}
			}
			return null;
		}

		private @Nullable LiveRun live(DeletionLedger ledger, PurgeRun run) {
			List<RunAttempt> attempts = ledger.attempts(run.id());
			if (attempts.isEmpty()) {
				return null;
			}
			Instant now = SharedHome.this.clock.instant();
			Instant startedAt = attempts.get(attempts.size() - 1).startedAt();
			List<LedgerRange> ranges = ledger.ranges(run.id());
			RunTotals totals = RunTotals.of(run.stage(), ranges);
			LiveRun live = LiveRun.of(run, startedAt, now, totals, ranges, pace(ledger, run, totals, now));
			RemoteRuns remote = remoteRuns();
			boolean isHandedOut = remote.find(new RunFence(run.id(), run.fence())) != null;
			return isHandedOut ? live.with(LiveRun.Worker.of(remote, run.id())) : live;
		}

		/** Only of a first attempt is it known from where and when it came. */
		private static Pace pace(DeletionLedger ledger, PurgeRun run, RunTotals totals, Instant now) {
			return (run.attempts() == 1 && run.stage() != RunStage.DELETING)
					? PaceMeter.of(ledger, run).since(run.stage(), run.startedAt()).look(run.stage(), totals, now)
					: new Pace(null, null, null, "it was not watched from its beginning");
		}

		@Override
		public void show(LiveRun run) {
			// The ledger shows it.
		}

		@Override
		public void hide() {
			// The ledger shows it.
		}

	}

}
