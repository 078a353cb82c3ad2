package io.kvpurge.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

/**
 * Moves instants into and out of {@code TIMESTAMP WITH TIME ZONE}; by offset, as
 * {@link java.sql.Timestamp} would bring the default time zone of the JVM into it.
 */
final class Timestamps {

	private Timestamps() {
	}

	static OffsetDateTime of(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

	static Instant get(ResultSet row, String column) throws SQLException {
		Instant instant = find(row, column);
		if (instant == null) {
			throw new SQLException(column + " is null");
		}
		return instant;
	}

	static @Nullable Instant find(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

}
