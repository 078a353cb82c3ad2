package io.kvpurge.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.github.bucket4j.TimeMeter;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The server's time, of which this process asks once: all fill one bucket. */
final class ServerTime implements TimeMeter {

	private final JdbcClient jdbc;

	private final Clock clock;

	private @Nullable Duration ahead;

	ServerTime(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	@Override
	public synchronized long currentTimeNanos() {
		Duration known = this.ahead;
		if (known == null) {
			Instant server = this.jdbc.sql("select clock_timestamp() as now")
				.query((row, index) -> Timestamps.get(row, "now"))
				.single();
			known = Duration.between(this.clock.instant(), server);
			this.ahead = known;
		}
		Instant now = this.clock.instant().plus(known);
		return now.getEpochSecond() * 1_000_000_000 + now.getNano();
	}

	@Override
	public boolean isWallClockBased() {
		return true;
	}

}
