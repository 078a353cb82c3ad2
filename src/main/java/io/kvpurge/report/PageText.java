package io.kvpurge.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** How a page spells things. */
final class PageText {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private PageText() {
	}

	static String number(@Nullable Long number) {
		return (number != null) ? String.format(Locale.ROOT, "%,d", number) : "not told by this store";
	}

	static String time(Instant instant) {
		return TIME.format(instant);
	}

	static String duration(Duration duration) {
		long seconds = duration.toSeconds();
		if (seconds >= 48 * 3600) {
			return duration.toDays() + " days";
		}
		if (seconds >= 3600) {
			return duration.toHours() + " h " + duration.toMinutesPart() + " min";
		}
		if (seconds >= 60) {
			return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
		}
		return (seconds >= 10) ? seconds + " s" : decimal(duration.toMillis() / 1000.0) + " s";
	}

	/** With as many digits as one wants to see. */
	static String decimal(double value) {
		return String.format(Locale.ROOT, (value >= 100) ? "%,.0f" : (value >= 1) ? "%,.1f" : "%.2f", value);
	}

	/** For a coordinate of SVG. */
	static String coordinate(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

	/** Control characters are no text, and HTML forbids them. */
	static String printable(String text) {
		return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\uFFFD");
	}

}
