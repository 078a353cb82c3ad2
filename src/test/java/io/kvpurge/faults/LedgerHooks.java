package io.kvpurge.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.MethodExecutionContext;
import net.ttddyy.dsproxy.listener.MethodExecutionListener;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.proxy.ParameterSetOperation;

/** Sees every statement and commit of the ledger, and springs trap and faults there. */
final class LedgerHooks implements QueryExecutionListener, MethodExecutionListener {

	private final Trap trap;

	private final EventLog events;

	private final Launch launch;

	private final AtomicInteger commits = new AtomicInteger();

	private final AtomicInteger statements = new AtomicInteger();

	private final Map<String, Connection> connections = new ConcurrentHashMap<>();

	/** What the open transaction of each connection has done. */
	private final Map<String, Set<Deed>> deeds = new ConcurrentHashMap<>();

	/** Announcements that sabotage holds back: settled by the thread that made them. */
	private final ThreadLocal<List<QueryInfo>> heldBack = ThreadLocal.withInitial(ArrayList::new);

	LedgerHooks(Trap trap, EventLog events, Launch launch) {
		this.trap = trap;
		this.events = events;
		this.launch = launch;
	}

	void opened(String id, Connection connection) {
		this.connections.put(id, connection);
	}

	@Override
	public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		String id = execution.getConnectionId();
		this.trap.reach(Point.ANY);
		if (this.launch.fault() == Fault.CONNECTION_LOST
				&& this.statements.incrementAndGet() == this.launch.occurrence()) {
			lose(id);
		}
		for (QueryInfo query : queries) {
			Deed deed = Deed.of(query.getQuery());
			if (deed == null) {
				continue;
			}
			if (deed.before != null) {
				this.trap.reach(deed.before);
			}
			if (this.launch.sabotage() == Sabotage.ANNOUNCES_LATE) {
				sabotage(id, deed, query);
			}
			deeds(id).add(deed);
		}
	}

	@Override
	public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
		for (QueryInfo query : queries) {
			Deed deed = Deed.of(query.getQuery());
			if (deed == Deed.SETTLE) {
				this.trap.reach(Point.IN_SETTLE);
			}
		}
		this.trap.reach(Point.ANY);
	}

	@Override
	public void beforeMethod(MethodExecutionContext method) {
		if (!isCommit(method)) {
			return;
		}
		String id = method.getConnectionInfo().getConnectionId();
		this.trap.reach(Point.ANY);
		if (this.launch.fault() == Fault.COMMIT_REFUSED && this.commits.incrementAndGet() == this.launch.occurrence()) {
			rollBack(id);
			this.events.write(EventLog.HIT + this.launch.fault());
			throw sneaky(new SQLException("the disk is full", "53100"));
		}
		if (this.launch.sabotage() == Sabotage.ANNOUNCES_LATE && deeds(id).contains(Deed.ANNOUNCE)
				&& !deeds(id).contains(Deed.SETTLE)) {
			rollBack(id);
		}
	}

	@Override
	public void afterMethod(MethodExecutionContext method) {
		String name = method.getMethod().getName();
		boolean commit = isCommit(method);
		if (!commit && !name.equals("rollback")) {
			return;
		}
		Set<Deed> done = Set.copyOf(deeds(method.getConnectionInfo().getConnectionId()));
		deeds(method.getConnectionInfo().getConnectionId()).clear();
		if (!commit || method.getThrown() != null) {
			return;
		}
		if (done.contains(Deed.SPLIT)) {
			this.events.write(EventLog.SPLIT);
		}
		for (Deed deed : done) {
			if (deed.after != null) {
				this.trap.reach(deed.after);
			}
		}
		this.trap.reach(Point.ANY);
		if (this.launch.fault() == Fault.COMMIT_UNCERTAIN
				&& this.commits.incrementAndGet() == this.launch.occurrence()) {
			this.events.write(EventLog.HIT + this.launch.fault());
			throw sneaky(new SQLException("the connection was reset", "08006"));
		}
	}

	private static boolean isCommit(MethodExecutionContext method) {
		return method.getTarget() instanceof Connection && method.getMethod().getName().equals("commit");
	}

	private Set<Deed> deeds(String id) {
		return this.deeds.computeIfAbsent(id, (key) -> ConcurrentHashMap.newKeySet());
	}

	private void lose(String id) {
		this.events.write(EventLog.HIT + Fault.CONNECTION_LOST);
		try {
			this.connections.get(id).close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void rollBack(String id) {
		try {
			this.connections.get(id).rollback();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void sabotage(String id, Deed deed, QueryInfo query) {
		if (deed == Deed.ANNOUNCE) {
			this.heldBack.get().add(query);
		}
		else if (deed == Deed.SETTLE) {
			this.heldBack.get().forEach((announcement) -> repeat(this.connections.get(id), announcement));
			this.heldBack.get().clear();
		}
	}

	private static void repeat(Connection connection, QueryInfo query) {
		try (PreparedStatement statement = connection.prepareStatement(query.getQuery())) {
			for (ParameterSetOperation operation : query.getParametersList().get(0)) {
				operation.getMethod().invoke(statement, operation.getArgs());
			}
			statement.executeUpdate();
		}
		catch (SQLException | ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The proxied methods declare it; the listener's do not. */
	@SuppressWarnings("unchecked")
	private static <E extends Exception> RuntimeException sneaky(Exception ex) throws E {
		throw (E) ex;
	}

	/** What a statement does. */
	private enum Deed {

		ANNOUNCE("insert into purge_call", Point.BEFORE_ANNOUNCE, null),
		SETTLE("update purge_call set state", null, Point.AFTER_SETTLE),
		SPLIT("insert into purge_range", Point.SPLIT_STEP, Point.SPLIT_STEP),
		SEAL("update purge_range set sealed_hash", Point.SEAL_STEP, Point.SEAL_STEP),
		STEP_CONTEXT("insert into batch_step_execution_context", Point.RESTART_SPLITTER, null);

		private final String begin;

		private final Point before;

		private final Point after;

		Deed(String begin, Point before, Point after) {
			this.begin = begin;
			this.before = before;
			this.after = after;
		}

		static Deed of(String sql) {
			String text = sql.strip().toLowerCase(Locale.ROOT);
			for (Deed deed : values()) {
				if (text.startsWith(deed.begin)) {
					return deed;
				}
			}
			return null;
		}

	}

}
