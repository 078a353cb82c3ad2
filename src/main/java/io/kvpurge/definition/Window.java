package io.kvpurge.definition;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of each day.
 *
 * @param from when it opens, by the clocks of its zone
 * @param to when it is over; before {@code from} on the next day
 * @param zone whose clocks count
 */
public record Window(LocalTime from, LocalTime to, ZoneId zone) {

	private static final Pattern TEXT = Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}) (\\S+)");

	/**
	 * A window may be closed for a day, and a day may lack the hour in which it opens.
	 */
	private static final int DAYS = 3;

	public Window {
		if (from.equals(to)) {
			throw new IllegalArgumentException("a window does not end when it opens");
		}
	}

	/**
	 * The window that a text means, such as {@code 01:00-06:00 Europe/Berlin}.
	 * @throws IllegalArgumentException if it means none
	 */
	static Window parse(String text) {
		Matcher parts = TEXT.matcher(text);
		if (!parts.matches()) {
			throw new IllegalArgumentException("'" + text + "' is no window");
		}
		try {
			return new Window(LocalTime.parse(parts.group(1)), LocalTime.parse(parts.group(2)),
					ZoneId.of(parts.group(3)));
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("'" + text + "' is no window: " + ex.getMessage(), ex);
		}
	}

	/** Whether it is open. */
	public boolean contains(Instant instant) {
		LocalTime time = instant.atZone(this.zone).toLocalTime();
		boolean opened = !time.isBefore(this.from);
		boolean over = !time.isBefore(this.to);
		return this.from.isBefore(this.to) ? opened && !over : opened || !over;
	}

	/** When it opens next. */
	public Instant opensAfter(Instant instant) {
		LocalDate day = instant.atZone(this.zone).toLocalDate();
		for (int i = 0; i < DAYS; i++) {
			Instant opening = day.plusDays(i).atTime(this.from).atZone(this.zone).toInstant();
			if (opening.isAfter(instant)) {
				return opening;
			}
		}
		throw new IllegalStateException("a day without its " + this.from);
	}

	/** As it is written in a definition. */
	@Override
	public String toString() {
		return this.from + "-" + this.to + " " + this.zone;
	}

}
