package io.kvpurge.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges a trial from outside: by what the store's own triggers wrote down and by what
 * SQL finds in the ledger. Its findings are one line each.
 */
final class Oracle {

	/** A range is written down at least every 100 pages, at the end of a chunk of 10. */
	private static final int PAGES_AGAIN = 100 + 2 * 10 + 2;

	private static final String DELETED = "select name from journal where operation = 'DELETE' and who = 'kvpurge'";

	/** Keys that the second writer may write again after they are gone. */
	private static final String REBORN = "p[0-9]/[0-9]*[05]0";

	private static final int MOST_SHOWN = 5;

	private final Scene scene;

	private final LedgerPlace place;

	private final EventLog events;

	private final List<String> violations = new ArrayList<>();

	private boolean sealed;

	Oracle(Scene scene, LedgerPlace place, EventLog events) {
		this.scene = scene;
		this.place = place;
		this.events = events;
	}

	/** What was found so far. */
	List<String> violations() {
		return List.copyOf(this.violations);
	}

	/** To be called when a child is dead and none is running. */
	void judgeDeath() throws SQLException {
		judge((store, ledger) -> {
			List<LedgerReading.Call> calls = calls(ledger);
			Set<String> inLedger = new HashSet<>();
			calls.forEach((call) -> inLedger.addAll(call.settled() ? call.keys("DI") : call.keys()));
			calls.forEach((call) -> call.keys().stream().filter(Oracle::isReborn).forEach(inLedger::add));
			List<String> deleted = Scene.texts(store, DELETED);
			find("deleted, and in no call of the ledger", without(deleted, inLedger));
			find("deleted by the ledger, and not in the store",
					without(keys(calls, "D").stream().filter((key) -> !isReborn(key)).toList(), Set.copyOf(deleted)));
			this.sealed = ledger != null && LedgerReading.hasTables(ledger)
					&& !Scene.texts(ledger, "select 1 from purge_run where state = 'COMPLETED'").isEmpty();
		});
	}

	/** Whether a run was sealed as completed before the death that was judged last. */
	boolean isSealed() {
		return this.sealed;
	}

	/**
	 * To be called when the run is completed.
	 * @param launches how often it was launched
	 * @param pageLimit see {@link PurgeChild.Setting}; 0 if pages are listed again for
	 * other reasons than a restart
	 * @param writerChanges how many rows the second writer has changed
	 */
	void judgeCompletion(int launches, int pageLimit, long writerChanges) throws SQLException {
		judgeDeath();
		judge((store, ledger) -> {
			judgeStore(store, writerChanges);
			List<LedgerReading.Call> calls = calls(ledger);
			judgeDeletions(store, calls);
			judgeWhatIsThere(store, calls);
			judgeLedger(ledger, calls, launches);
			if (pageLimit > 0) {
				int runs = Integer.parseInt(Scene.texts(ledger, "select count(*) from purge_run").get(0));
				judgePages(store, launches, runs, pageLimit);
			}
		});
		find("audit --verify", this.place.verify());
	}

	private void judge(Judgement judgement) throws SQLException {
		try (Connection store = this.scene.connect("oracle")) {
			Connection ledger = this.place.look();
			try {
				judgement.of(store, ledger);
			}
			finally {
				this.place.leave(ledger);
			}
		}
	}

	private void judgeStore(Connection store, long writerChanges) throws SQLException {
		find("deleted against the rule",
				Scene.texts(store, DELETED + " and (not matches(before) or name !~ '^p[0-5]/')"));
		find("changed by kvpurge, which only deletes",
				Scene.texts(store, "select name from journal where operation <> 'DELETE' and who = 'kvpurge'"));
		find("changed by somebody else",
				Scene.texts(store, "select name from journal where who not in ('kvpurge', 'writer', 'test')"));
		String count = Scene.texts(store, "select count(*) from journal where who = 'writer'").get(0);
		if (!count.equals(Long.toString(writerChanges))) {
			this.violations.add("the second writer made " + writerChanges + " changes, the journal has " + count);
		}
		find("rewritten so that it does not match, and gone", Scene.texts(store, """
				select name from (select distinct on (name) name, after from journal where who <> 'kvpurge'
					order by name, place desc) last
				where not matches(after) and not exists (select 1 from entries e where e.name = last.name)"""));
	}

	private void judgeDeletions(Connection store, List<LedgerReading.Call> calls) throws SQLException {
		Map<String, Long> inStore = counts(Scene.texts(store, DELETED));
		Map<String, Long> inLedger = counts(keys(calls, "DI"));
		Set<String> all = new HashSet<>(inStore.keySet());
		all.addAll(inLedger.keySet());
		Set<String> named = calls.stream().flatMap((call) -> call.keys().stream()).collect(Collectors.toSet());
		for (String key : all) {
			long deletes = inStore.getOrDefault(key, 0L);
			long entries = inLedger.getOrDefault(key, 0L);
			// What was written again after it went is found there by who looks.
			boolean isRight = isReborn(key) ? entries <= deletes && named.contains(key) : entries == deletes;
			if (!isRight) {
				find("deleted " + deletes + " times, but stands in " + entries + " calls as deleted", List.of(key));
			}
		}
	}

	private void judgeWhatIsThere(Connection store, List<LedgerReading.Call> calls) throws SQLException {
		Set<String> refused = Set.copyOf(keys(calls, "R"));
		find("matched throughout, and is there", without(Scene.texts(store, """
				select i.name from initial i join entries e on e.name = i.name where matches(i.metadata)
				and not exists (select 1 from journal j where j.name = i.name)"""), refused));
		Set<String> named = new HashSet<>(keys(calls, "SR"));
		find("was rewritten and matched throughout, is there, and was not spared", without(Scene.texts(store, """
				select i.name from initial i join entries e on e.name = i.name where matches(i.metadata)
				and not exists (select 1 from journal j where j.name = i.name
					and (j.operation <> 'UPDATE' or not matches(j.after)))"""), named));
	}

	private void judgeLedger(Connection ledger, List<LedgerReading.Call> calls, int launches) throws SQLException {
		find("in doubt",
				calls.stream()
					.filter((call) -> !call.settled())
					.map((call) -> "range " + call.range() + " call " + call.sequence())
					.toList());
		find("ranges that do not balance", Scene.texts(ledger, """
				select p.range_no from purge_range p join purge_run r on r.number = p.number
				where r.state = 'COMPLETED' and (not p.done
				or p.listed <> p.unmatched + p.held + p.undecided + p.matched
				or p.matched <> p.deleted + p.vanished + p.spared + p.refused)"""));
		find("ranges that do not sum up their calls", Scene.texts(ledger, """
				select p.range_no from purge_range p where (p.deleted, p.vanished) <>
				(select coalesce(sum(c.deleted + c.inferred), 0), coalesce(sum(c.vanished), 0) from purge_call c
				where c.range_no = p.range_no and c.number = p.number)"""));
		judgeRuns(ledger, launches);
		long split = Long
			.parseLong(Scene.texts(ledger, "select count(*) from (select distinct number from purge_range) n").get(0));
		find("runs without all ranges", Scene.texts(ledger, """
				select r.number from purge_run r where (select count(*) from purge_range p where p.number = r.number)
				not in (%d, case when r.state = 'COMPLETED' then %d else 0 end)""".formatted(Scene.PREFIXES,
				Scene.PREFIXES)));
		if (this.events.count(EventLog.SPLIT) > split) {
			this.violations
				.add("ranges of " + split + " runs were inserted " + this.events.count(EventLog.SPLIT) + " times");
		}
	}

	/**
	 * A run is given up after three attempts that came no further, once. After one that
	 * is completed, whoever waited meanwhile begins the next.
	 */
	private void judgeRuns(Connection ledger, int launches) throws SQLException {
		find("runs begun anew without need", Scene.texts(ledger, """
				select r.number || ' ' || r.state || ' ' || r.digest || ' ' || r.store || ' ' || r.reason
				from purge_run r where case when r.number = (select max(number) from purge_run)
				then r.state <> 'COMPLETED' or r.number > 2 or (coalesce(r.replaces, 0) <> r.number - 1 and not exists
					(select 1 from purge_run b where b.number = r.number - 1 and b.state = 'COMPLETED'))
				when r.state = 'SUPERSEDED' then (select count(*) from purge_attempt a where a.number = r.number
					and a.progress = (select max(progress) from purge_attempt m where m.number = r.number)) < 4
				else r.state <> 'COMPLETED' end"""));
		// To seal a run that is given up is an attempt, too.
		find("more attempts than " + launches + " launches", Scene.texts(ledger,
				"select sum(attempts) from purge_run having sum(attempts) - count(*) + 1 > " + launches));
	}

	private void judgePages(Connection store, int launches, int runs, int pageLimit) throws SQLException {
		for (int i = 0; i < Scene.PREFIXES; i++) {
			String prefix = "p" + i + "/";
			long keys = Long.parseLong(
					Scene
						.texts(store,
								"select count(distinct name) from (select name from initial union all select name from"
										+ " journal) k where name like '" + prefix + "%'")
						.get(0));
			long pages = this.events.count(EventLog.LISTED + prefix);
			long most = runs * (keys / pageLimit + 1) + (launches - 1) * (1L + PAGES_AGAIN);
			if (pages > most) {
				this.violations.add("listed " + pages + " pages of " + prefix + " in " + launches
						+ " launches, in place of at most " + most);
			}
		}
	}

	private static List<LedgerReading.Call> calls(Connection ledger) throws SQLException {
		return (ledger != null && LedgerReading.hasTables(ledger)) ? LedgerReading.calls(ledger) : List.of();
	}

	private static List<String> keys(List<LedgerReading.Call> calls, String letters) {
		return calls.stream().flatMap((call) -> call.keys(letters).stream()).toList();
	}

	private static boolean isReborn(String key) {
		return key.matches(REBORN);
	}

	private static Map<String, Long> counts(Collection<String> keys) {
		Map<String, Long> counts = new HashMap<>();
		keys.forEach((key) -> counts.merge(key, 1L, Long::sum));
		return counts;
	}

	private static List<String> without(Collection<String> keys, Set<String> others) {
		return keys.stream().filter((key) -> !others.contains(key)).toList();
	}

	private void find(String what, List<String> found) {
		if (!found.isEmpty()) {
			this.violations
				.add(what + ": " + found.size() + ", such as " + found.subList(0, Math.min(MOST_SHOWN, found.size())));
		}
	}

	/** Looks at a store, and at a ledger unless it is null. */
	@FunctionalInterface
	private interface Judgement {

		void of(Connection store, Connection ledger) throws SQLException;

	}

}
