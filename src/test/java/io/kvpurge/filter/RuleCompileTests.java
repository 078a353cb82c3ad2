package io.kvpurge.filter;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.EntryFields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RuleCompileTests extends RuleKit {

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '"', value = {
			"nope == 1;column 1 of the rule: undeclared reference to 'nope'",
			"key == 'a' && that;column 15 of the rule: undeclared reference to 'that'",
			"params.nope == 'a';undeclared parameter 'nope': declare it under 'parameters'",
			"key == params.nope;column 8 of the rule: undeclared parameter 'nope'", "params == 'a';write params.NAME",
			"key;the rule is no condition: expected type 'bool' but found 'string'", "1 + 1;the rule is no condition",
			"key ==;column 7 of the rule: mismatched input '<EOF>'", "key == 1;no matching overload",
			"key.foo();undeclared reference to 'foo'", "metadata.field(1) == 2;no matching overload",
			"key.matches('(');column 13 of the rule", "key.matches('(?=a)');the pattern '(?=a)' is none of RE2",
			"asOf - expiration > duration('30d');column 30 of the rule: duration validation failed",
			"timestamp('soon') < asOf;timestamp validation failed", "all == 1;undeclared reference to 'all'",
			"metadata.x == 1 # pages;token recognition error at: '#'" })
	void mistakeIsNamedWithItsColumn(String rule, String message) {
		assertThatThrownBy(() -> rule(rule)).isInstanceOf(RuleException.class).hasMessageContaining(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\n\t" })
	void emptyRuleIsRefused(String rule) {
		assertThatThrownBy(() -> rule(rule)).isInstanceOf(RuleException.class)
			.hasMessage("the rule is empty; for every key, write: all");
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "1 == 1", "asOf > timestamp('2020-01-01T00:00:00Z')", "!false" })
	void aRuleThatDoesNotLookAtTheEntryIsRefused(String rule) {
		assertThatThrownBy(() -> Rule.compile(rule, Map.of())).isInstanceOf(RuleException.class)
			.hasMessageContaining("write: all");
	}

	@Test
	void lineIsCountedWithinTheRule() {
		assertThat(lineOf("nope")).isZero();
		assertThat(lineOf("key == 'a' &&\n  nope")).isOne();
		assertThat(lineOf("key == 'a' &&\n\n  )")).isEqualTo(2);
		assertThatThrownBy(() -> rule("key == 'a' &&\n  nope")).hasMessageStartingWith("column 3 of the rule");
		assertThatThrownBy(() -> rule("key == '😀' &&\n  params.nope == '😀'"))
			.hasMessageContaining("parameter 'nope'");
	}

	private static int lineOf(String rule) {
		return catchThrowableOfType(RuleException.class, () -> rule(rule)).line();
	}

	@Test
	void parameterTypeIsChecked() {
		assertThatThrownBy(() -> rule("key == params.count")).hasMessageContaining("no matching overload");
		assertThatThrownBy(() -> Rule.compile("params.tag == 'a'", Map.of("tag", ParameterType.INT)))
			.hasMessageContaining("no matching overload");
	}

	@Test
	void parsedShowsTheRuleAsUnderstood() {
		assertThat(rule("key=='a'||key=='b'&&metadata.x==1").parsed())
			.isEqualTo("key == \"a\" || key == \"b\" && metadata.x == 1");
		assertThat(rule("metadata.field('a.b')==true").parsed()).isEqualTo("metadata.field(\"a.b\") == true");
		assertThat(rule("has(metadata.x)").parsed()).isEqualTo("has(metadata.x)");
		assertThat(rule(" all ").parsed()).isEqualTo("all");
		assertThat(rule(" all ").isAll()).isTrue();
		assertThat(rule("key == 'all'").isAll()).isFalse();
	}

	@Test
	void metadataFieldsAreNamed() {
		assertThat(rule("metadata.a == 1 || metadata['b-c'] == 2 || has(metadata.d) || metadata.field('e.f') == 3")
			.metadataFields()).containsExactly("a", "b-c", "d", "e.f");
		assertThat(rule("metadata.a.b == metadata['c']['d']").metadataFields()).containsExactly("a", "a.b", "c", "c.d");
		assertThat(rule("metadata.a[key] == 1").metadataFields()).containsExactly("a");
		assertThat(rule("metadata.a.exists(t, t.b == 1)").metadataFields()).containsExactly("a");
		assertThat(rule("key == 'metadata.x'").metadataFields()).isEmpty();
		assertThat(rule("all").metadataFields()).isEmpty();
	}

	/**
	 * What must stay the same between listing and delete, and what need not be listed.
	 */
	@Test
	void whatRulesReadIsKnownFieldByField() {
		assertThat(fields("metadata.a == 1")).isEqualTo(new EntryFields(Set.of("a"), false, false));
		assertThat(fields("metadata.a.b == metadata['c']['d']"))
			.isEqualTo(new EntryFields(Set.of("a.b", "c.d"), false, false));
		assertThat(fields("metadata.a.b == 1 && metadata.a != null"))
			.isEqualTo(new EntryFields(Set.of("a", "a.b"), false, false));
		assertThat(fields("has(metadata.a) && metadata.field('b.c') == 1"))
			.isEqualTo(new EntryFields(Set.of("a", "b.c"), false, false));
		assertThat(fields("expiration == null")).isEqualTo(new EntryFields(Set.of(), false, true));
		assertThat(fields("key == 'expiration'")).isEqualTo(new EntryFields(Set.of(), false, false));
		for (String all : List.of("metadata.holds(1)", "size(metadata) > 0", "metadata[key] == 1",
				"metadata.field(key) == 1", "metadata.a == 1 && metadata != null",
				"metadata.a.b == 1 && metadata != null", "metadata_field(metadata.a, 'b') == 1 && metadata != null")) {
			assertThat(fields(all).allMetadata()).as(all).isTrue();
		}
		assertThat(fields("all")).isEqualTo(new EntryFields(Set.of(), false, false));
		assertThat(rule("metadata.a == 1").entryFields(rule("expiration == null && metadata.contains('x')")))
			.isEqualTo(new EntryFields(Set.of("a"), true, true));
		assertThat(rule("expiration == null && metadata.contains('x')").entryFields(rule("metadata.a == 1")))
			.isEqualTo(new EntryFields(Set.of("a"), true, true));
	}

	private static EntryFields fields(String rule) {
		return rule(rule).entryFields(rule("all"));
	}

	@Test
	void theTextStaysAsItWasWritten() {
		assertThat(rule("key=='a'").text()).isEqualTo("key=='a'");
	}

	@Test
	void bareFieldUnderKeepIsWarnedOf() {
		assertThat(rule("metadata.pinned == true").warnings(true)).containsExactly(
				"every entry without metadata.pinned is held: write metadata.field('pinned') if these may go");
		assertThat(rule("metadata.a.b == true").warnings(true)).singleElement()
			.asString()
			.contains("without metadata.a.b is held");
		assertThat(rule("metadata.pinned == true").warnings(false)).isEmpty();
		assertThat(rule("has(metadata.pinned) && metadata.pinned == true").warnings(true)).isEmpty();
		assertThat(rule("metadata.field('pinned') == true").warnings(true)).isEmpty();
	}

	@Test
	void unanchoredPatternIsWarnedOf() {
		assertThat(rule("key.matches('page')").warnings(false)).singleElement()
			.asString()
			.startsWith("matches('page') looks anywhere in the text");
		assertThat(rule("matches(key, '^page')").warnings(true)).hasSize(1);
		assertThat(rule("key.matches('^page/.*$')").warnings(false)).isEmpty();
		assertThat(rule("key.matches('page/.*$')").warnings(false)).hasSize(1);
	}

	@Test
	void aRuleThatIsNestedBeyondTheStackIsRefused() throws InterruptedException {
		// All classes that a rule needs are there before the stack is small.
		Rule.compile(nested(20), Map.of());
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread small = new Thread(null, () -> Rule.compile(nested(240), Map.of()), "small-stack", 192 * 1024);
		small.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
		small.start();
		small.join();
		assertThat(failure.get()).isInstanceOf(RuleException.class).hasMessage("the rule is nested too deeply");
	}

	private static String nested(int depth) {
		return "(".repeat(depth) + "key == 'a'" + ")".repeat(depth);
	}

}
