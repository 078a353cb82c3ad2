package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How a run went, read for those who draw it: no key is unpacked. */
final class RunCourse {

	private static final int CALLS_AT_ONCE = 1000;

	private final JdbcClient jdbc;

	RunCourse(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Shows the calls of a range by sequence. */
	void calls(RunId run, int range, Consumer<CallSummary> consumer) {
		List<CallSummary> calls;
		int last = 0;
		do {
			calls = this.jdbc.sql("""
					select range_no, sequence, attempt, key_count, deleted, inferred, vanished, spared, refused,
						left_over, announced_at, settled_at, case when outcomes like '%%P' then 1 else 0 end as planned
					from purge_call where name = ? and number = ? and range_no = ? and sequence > ?
					order by sequence fetch first %d rows only""".formatted(CALLS_AT_ONCE))
				.params(run.definition(), run.number(), range, last)
				.query(RunCourse::call)
				.list();
			calls.forEach(consumer);
			last = calls.isEmpty() ? last : calls.get(calls.size() - 1).sequence();
		}
		while (calls.size() == CALLS_AT_ONCE);
	}

	private static CallSummary call(ResultSet row, int index) throws SQLException {
		OutcomeCounts counts = new OutcomeCounts(row.getInt("deleted"), row.getInt("inferred"), row.getInt("vanished"),
				row.getInt("spared"), row.getInt("refused"), row.getInt("left_over"));
		return new CallSummary(row.getInt("range_no"), row.getInt("sequence"), row.getInt("attempt"),
				row.getInt("key_count"), row.getInt("planned") == 1, counts, Timestamps.get(row, "announced_at"),
				Timestamps.find(row, "settled_at"));
	}

	/** The steps in the order in which they began. */
	List<StepTime> steps(RunId run) {
		return this.jdbc
			.sql("select s.step_name, s.status, s.start_time, s.end_time from batch_step_execution s"
					+ " where s.start_time is not null and s.job_execution_id in (" + RunPruning.EXECUTIONS
					+ ") order by s.start_time, s.step_execution_id")
			.param(run.toString())
			.query((row, index) -> new StepTime(row.getString(1), row.getString(2),
					instant(row.getObject(3, LocalDateTime.class)), find(row.getObject(4, LocalDateTime.class))))
			.list();
	}

	private static @Nullable Instant find(@Nullable LocalDateTime time) {
		return (time != null) ? instant(time) : null;
	}

	/** The job repository keeps the time of the clock on the wall, without its zone. */
	private static Instant instant(LocalDateTime time) {
		return time.atZone(ZoneId.systemDefault()).toInstant();
	}

}
