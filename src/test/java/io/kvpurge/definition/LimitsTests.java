package io.kvpurge.definition;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.RequestRate;

import static io.kvpurge.definition.DefinitionTexts.GOOD;
import static io.kvpurge.definition.DefinitionTexts.problems;
import static io.kvpurge.definition.DefinitionTexts.read;
import static io.kvpurge.definition.DefinitionTexts.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** {@code limits} and {@code recheck}. */
class LimitsTests {

	private static String requests(String value) {
		return GOOD + "limits: {requests: " + value + "}\n";
	}

	@Test
	void thereIsNoLimitWhereNothingIsSaid() {
		assertThat(read(GOOD).requests()).isNull();
		assertThat(read(GOOD).recheck()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "960 per 5m, 960, PT5M", "1 per 1s, 1, PT1S", "'\"4 per 500ms\"', 4, PT0.5S",
			"999999999 per 1d, 999999999, P1D", "7 per PT1H, 7, PT1H" })
	void aNumberOfRequestsIsPerADuration(String text, long requests, Duration per) {
		assertThat(read(requests(text)).requests()).isEqualTo(new RequestRate(requests, per));
	}

	@ParameterizedTest
	@ValueSource(strings = { "960", "per 5m", "960 per", "960 / 5m", "0 per 5m", "-1 per 5m", "1.5 per 5m",
			"960 per 0s", "960 per -5m", "960 per 5", "960 per 5 m", "960 per 367d", "960per5m", "9999999999 per 5m",
			"1 per 99999999999999999999d", "1 per PT-5M", "" })
	void refusesWhatIsNoRate(String text) {
		assertThat(problems(requests("\"" + text + "\""))).containsExactly(
				"a.yaml:13: 'limits.requests' is '" + text + "': expected a number per a duration, such as 960 per 5m");
	}

	@Test
	void aNumberAloneIsNoText() {
		assertThat(problems(requests("960")))
			.containsExactly("a.yaml:13: 'limits.requests' is taken for a number: put 960 in quotes if it is a text");
	}

	@Test
	void readsHowManyKeysMayBeDeletedAndWhen() {
		Limits limits = read(GOOD + "limits: {max-deletes: 200000, window: \"22:00-04:30 UTC\"}\n").limits();
		assertThat(limits).isEqualTo(new Limits(null, null, 200_000L, null, null, null,
				new Window(LocalTime.of(22, 0), LocalTime.of(4, 30), ZoneId.of("UTC"))));
		assertThat(read(GOOD).limits()).isEqualTo(Limits.NONE);
	}

	@Test
	void readsHowManyKeysMayBeDeletedInASecond() {
		assertThat(read(GOOD + "limits: {keys-per-second: 5000}\n").limits().keysPerSecond()).isEqualTo(5000);
		assertThat(read(GOOD).limits().keysPerSecond()).isNull();
	}

	@Test
	void readsHowLargeAPartMayMatch() {
		Limits limits = read(GOOD + "limits: {max-fraction: 0.25, max-growth: 3}\n").limits();
		assertThat(limits).isEqualTo(new Limits(null, null, null, 0.25, 3.0, null, null));
		assertThat(limits.judgeFirst()).isTrue();
		assertThat(read(GOOD + "limits: {max-fraction: 1}\n").limits().judgeFirst()).isFalse();
		assertThat(Limits.NONE.judgeFirst()).isTrue();
	}

	@Test
	void whatTheDefinitionNamesIsAskedAndJudgedFirst() {
		assertThat(read(GOOD).limits().isAsked()).isFalse();
		assertThat(read(GOOD + "limits: {max-deletes: 7}\n").limits().isAsked()).isFalse();
		for (String limit : List.of("max-fraction: 0.5", "max-growth: 3", "max-shrink: 0.5")) {
			assertThat(read(GOOD + "limits: {" + limit + "}\n").limits().isAsked()).as(limit).isTrue();
		}
		assertThat(read(GOOD + "limits: {max-fraction: 1, max-growth: 3}\n").limits().judgeFirst()).isTrue();
	}

	@Test
	void halfOfManyMayMatchIfNothingIsSaid() {
		assertThat(Limits.NONE.fractionOf(1000)).isEqualTo(1);
		assertThat(Limits.NONE.fractionOf(1001)).isEqualTo(0.5);
		assertThat(read(GOOD + "limits: {max-fraction: 0.25}\n").limits().fractionOf(10)).isEqualTo(0.25);
	}

	@Test
	void readsByHowMuchAListingMayBeShorter() {
		Limits limits = read(GOOD + "limits: {max-fraction: 1, max-shrink: 0.5}\n").limits();
		assertThat(limits.shrink()).isEqualTo(0.5);
		assertThat(limits.judgeFirst()).isTrue();
		assertThat(Limits.NONE.shrink()).isEqualTo(0.9);
		assertThat(read(GOOD + "limits: {max-fraction: 1, max-shrink: 1}\n").limits().judgeFirst()).isFalse();
	}

	@Test
	void allMayMatchWhereAllIsMeant() {
		assertThat(read(with("\"metadata.tag == params.tag\"", "all")).limits().judgeFirst()).isFalse();
		assertThat(read(with("\"metadata.tag == params.tag\"", "all").replace("page/", "")).limits().judgeFirst())
			.isTrue();
		String named = with("  prefixes: [\"page/\"]", "  keys: [a]");
		assertThat(read(named).limits().judgeFirst()).isFalse();
		assertThat(read(named + "limits: {max-fraction: 0.5}\n").limits().judgeFirst()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			max-fraction: 0     | a.yaml:14: 'limits.max-fraction' is '0': expected a number above 0 and up to 1
			max-fraction: 1.01  | a.yaml:14: 'limits.max-fraction' is '1.01': expected a number above 0 and up to 1
			max-fraction: -0.5  | a.yaml:14: 'limits.max-fraction' is '-0.5': expected a number above 0 and up to 1
			max-fraction: .5    | a.yaml:14: 'limits.max-fraction' is '.5': expected a number above 0 and up to 1
			max-growth: 1       | a.yaml:14: 'limits.max-growth' is '1': expected a number above 1 and up to 1000000
			""", quoteCharacter = '`')
	void refusesWhatIsNoPart(String line, String message) {
		assertThat(problems(GOOD + "limits:\n  " + line + "\n")).containsExactly(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "1.5", "2147483648", "many", "\"5\"" })
	void refusesWhatIsNoNumberOfKeys(String text) {
		assertThat(problems(GOOD + "limits:\n  max-deletes: " + text + "\n")).singleElement()
			.asString()
			.startsWith("a.yaml:14: 'limits.max-deletes' is ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "01:00-06:00", "1:00-6:00 UTC", "01:00-01:00 UTC", "25:00-06:00 UTC", "01:00-24:00 UTC",
			"01:00-06:00 Europe/Berlim", "01:00 - 06:00 UTC", "" })
	void refusesWhatIsNoWindow(String text) {
		assertThat(problems(GOOD + "limits:\n  window: \"" + text + "\"\n"))
			.containsExactly("a.yaml:14: 'limits.window' is '" + text
					+ "': expected two different times and a zone, in quotes, such as \"01:00-06:00 Europe/Berlin\"");
	}

	@Test
	void namesAnUnknownLimit() {
		assertThat(problems(GOOD + "limits: {request: 960 per 5m}\n"))
			.containsExactly("a.yaml:13: unknown field 'request', did you mean 'requests'?");
		assertThat(problems(GOOD + "limits: 960 per 5m\n"))
			.containsExactly("a.yaml:13: 'limits' is a text: expected fields below it");
	}

	@Test
	void aRateDefendsItself() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RequestRate(0, Duration.ofSeconds(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> new RequestRate(1, Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> new RequestRate(1, Duration.ofSeconds(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> new RequestRate(1, Duration.ofDays(1000)));
	}

	@Test
	void looksAgainIfAsked() {
		assertThat(read(GOOD + "recheck: true\n").recheck()).isTrue();
		assertThat(read(GOOD + "recheck: false\n").recheck()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			yes      | 'recheck' is 'yes': expected true or false
			TRUE     | 'recheck' is 'TRUE': expected true or false
			"true"   | 'recheck' is 'true' in quotes: expected true or false
			1        | 'recheck' is '1': expected true or false
			~        | 'recheck' is '~': expected true or false
			[true]   | 'recheck' is a list: expected true or false
			""", quoteCharacter = '`')
	void recheckIsTrueOrFalse(String value, String problem) {
		assertThat(problems(GOOD + "recheck: " + value + "\n")).containsExactly("a.yaml:13: " + problem);
	}

}
