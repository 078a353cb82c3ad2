package io.kvpurge.definition;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class WindowTests {

	@ParameterizedTest
	@CsvSource({
			// Within a day, both ends.
			"01:00-06:00 UTC, 2026-03-01T00:59:59Z, false, 2026-03-01T01:00:00Z",
			"01:00-06:00 UTC, 2026-03-01T01:00:00Z, true, 2026-03-02T01:00:00Z",
			"01:00-06:00 UTC, 2026-03-01T05:59:59Z, true, 2026-03-02T01:00:00Z",
			"01:00-06:00 UTC, 2026-03-01T06:00:00Z, false, 2026-03-02T01:00:00Z",
			// Over midnight.
			"22:00-04:00 UTC, 2026-03-01T21:59:59Z, false, 2026-03-01T22:00:00Z",
			"22:00-04:00 UTC, 2026-03-01T23:00:00Z, true, 2026-03-02T22:00:00Z",
			"22:00-04:00 UTC, 2026-03-01T03:59:59Z, true, 2026-03-01T22:00:00Z",
			"22:00-04:00 UTC, 2026-03-01T04:00:00Z, false, 2026-03-01T22:00:00Z",
			// By the clocks of the zone, in winter and in summer.
			"01:00-06:00 Europe/Berlin, 2026-01-15T00:00:00Z, true, 2026-01-16T00:00:00Z",
			"01:00-06:00 Europe/Berlin, 2026-07-14T23:00:00Z, true, 2026-07-15T23:00:00Z",
			// On the day on which there is no half past two.
			"02:30-05:00 Europe/Berlin, 2026-03-29T00:59:00Z, false, 2026-03-29T01:30:00Z" })
	void isOpenByTheClocksOfItsZone(String window, Instant now, boolean open, Instant opensNext) {
		Window parsed = Window.parse(window);
		assertThat(parsed.contains(now)).isEqualTo(open);
		assertThat(parsed.opensAfter(now)).isEqualTo(opensNext);
		assertThat(parsed).hasToString(window);
	}

}
