package io.kvpurge.definition;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.filter.EntryFilter;
import io.kvpurge.filter.Verdict;
import io.kvpurge.given.KeyFile;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.RequestRate;

import static io.kvpurge.definition.DefinitionTexts.problems;
import static org.assertj.core.api.Assertions.assertThat;

class AdHocDefinitionTests {

	private static final Settings SETTINGS = Settings.DEFAULT
		.withStores(Map.of("assets", DefinitionTexts.read(DefinitionTexts.GOOD).store()));

	/** Texts that a quoting by hand would get wrong. */
	private static final List<String> ODD = List.of("a'b", "a\"b", "a\\", "c\\\"b", "line\nbreak", "a\rb\tc",
			"\uD83D\uDE00", "a\u0085b", "a\u2028b\u2029c", "\u007f\u0001", "\ufeffbom", "${HOME}", "{tag}", "a}}{{b",
			"\" || true || \"", "'; drop table", "# no comment", "// no comment", "all", "r\"raw\"", "%s %n");

	private static final UnaryOperator<@Nullable String> NOTHING_SET = (name) -> null;

	private static AdHocDefinition.Builder flags() {
		return AdHocDefinition.builder(SETTINGS, "memory:assets", NOTHING_SET);
	}

	private static AdHocDefinition built(UnaryOperator<AdHocDefinition.Builder> flags) {
		return flags.apply(flags()).build();
	}

	private static boolean matches(AdHocDefinition adHoc, String key, Object metadata) {
		EntryFilter filter = adHoc.definition().bind(Map.of()).filter(Instant.EPOCH, List.of());
		return filter.decide(new KeyEntry(Key.of(key), Metadata.of(metadata), null, null)).verdict() == Verdict.MATCHED;
	}

	@Test
	void flagsMustAllHold() {
		AdHocDefinition adHoc = built((flags) -> flags.prefix("page/")
			.where("metadata.size > 1 || metadata.size < 0")
			.tag("tags", "x")
			.search("needle")
			.pattern("page/[0-9]+|page/a"));
		Map<String, Object> good = Map.of("size", 2, "tags", "w, x", "note", "a NEEDLE in hay");
		assertThat(matches(adHoc, "page/1", good)).isTrue();
		assertThat(matches(adHoc, "page/1b", good)).isFalse();
		assertThat(matches(adHoc, "page/1", Map.of("size", 1, "tags", "x", "note", "needle"))).isFalse();
		assertThat(matches(adHoc, "page/1", Map.of("size", 2, "tags", "xx", "note", "needle"))).isFalse();
		assertThat(matches(adHoc, "page/1", Map.of("size", 2, "tags", "x", "note", "hay"))).isFalse();
		assertThat(matches(adHoc, "page/1", Map.of("size", 2, "note", "needle"))).isFalse();
	}

	@Test
	void theRuleForAllEntriesAddsNothing() {
		assertThat(built((flags) -> flags.prefix("a/").where("all")).definition().where().isAll()).isTrue();
		assertThat(built((flags) -> flags.prefix("a/").where("all").search("x")).text())
			.isEqualTo(built((flags) -> flags.prefix("a/").search("x")).text());
		assertThat(built((flags) -> flags.allKeys()).definition().prefixes()).containsExactly("");
	}

	@Test
	void oddTextsAreTextsAndNothingElse() {
		for (String odd : ODD) {
			AdHocDefinition adHoc = built((flags) -> flags.allKeys().search(odd));
			assertThat(matches(adHoc, "k", Map.of("a", "x" + odd + "y"))).as(odd).isTrue();
			assertThat(matches(adHoc, "k", Map.of("a", "x"))).as(odd).isFalse();
			AdHocDefinition tag = built((flags) -> flags.allKeys().tag("f-" + odd.replace(".", ""), "t"));
			assertThat(matches(tag, "k", Map.of("f-" + odd.replace(".", ""), "s,t"))).as(odd).isTrue();
		}
	}

	@Test
	void oddKeysAreThoseKeysAndNoOthers() {
		AdHocDefinition adHoc = built((flags) -> flags.keys(ODD));
		List<Key> named = new ArrayList<>();
		adHoc.definition().keys().forEach(named::add);
		assertThat(named).containsExactlyInAnyOrderElementsOf(ODD.stream().map(Key::of).toList());
		assertThat(adHoc.definition().prefixes()).containsExactly("");
	}

	@Test
	void oddPrefixesAreThosePrefixes() {
		AdHocDefinition.Builder flags = flags();
		ODD.forEach(flags::prefix);
		assertThat(flags.build().definition().bind(Map.of()).prefixes())
			.containsExactlyInAnyOrderElementsOf(ODD.stream().map(Key::of).toList());
	}

	@Test
	void aFileOfKeysIsThatDefinitionWhateverItsName(@TempDir Path folder) throws Exception {
		Path text = Files.writeString(folder.resolve("a.txt"), "a\nb\n");
		Path json = Files.writeString(folder.resolve("b.jsonl"), "\"a\"\n{\"key64\": \"Yg==\"}\n");
		Path other = Files.writeString(folder.resolve("c.txt"), "a\nc\n");
		String name = keysFile(text).definition().name();
		assertThat(keysFile(json).definition().name()).isEqualTo(name);
		assertThat(keysFile(other).definition().name()).isNotEqualTo(name);
		assertThat(keysFile(json).text())
			.contains("  keys-file: {path: \"" + json + "\", format: jsonl}\n  where: \"all\"\n");
	}

	private static AdHocDefinition keysFile(Path file) {
		return built((flags) -> flags.keysFile(KeyFile.of(file.toString(), null, null)));
	}

	@Test
	void keysMayStandUnderAPrefix() {
		assertThat(built((flags) -> flags.prefix("a/").keys(List.of("a/b", "c"))).definition().prefixes())
			.containsExactly("a/");
	}

	@Test
	void theSameFlagsAreTheSameDefinition() {
		AdHocDefinition one = built((flags) -> flags.prefix("a/").prefix("b/").keys(List.of("a/1", "b/2")));
		AdHocDefinition other = built((flags) -> flags.prefix("b/").prefix("a/").keys(List.of("b/2", "a/1")));
		assertThat(other.definition().name()).isEqualTo(one.definition().name()).matches("adhoc-[0-9a-f]{12}");
		assertThat(other.definition().digest()).isEqualTo(one.definition().digest());
		assertThat(built((flags) -> flags.prefix("a/")).definition().name()).isNotEqualTo(one.definition().name());
	}

	@Test
	void itsTextIsADefinitionOfTheSameDigest() {
		AdHocDefinition adHoc = built((flags) -> flags.prefix("a{b}/").where("key != 'x' // not x").search("${HOME}"));
		PurgeDefinition read = new DefinitionReader().read(adHoc.text(), "saved.yaml");
		assertThat(read.digest()).isEqualTo(adHoc.definition().digest());
		assertThat(read.name()).isEqualTo(adHoc.definition().name());
	}

	@Test
	void aCommentInARuleHidesNoOtherFlag() {
		AdHocDefinition adHoc = built((flags) -> flags.allKeys().where("key != '' // anything").search("x"));
		assertThat(matches(adHoc, "k", Map.of("a", "y"))).isFalse();
		assertThat(matches(adHoc, "k", Map.of("a", "x"))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "true) || (true", "key ==", "kee == 'a'", "key", "key == params.x", "" })
	void refusesARuleThatDoesNotStandByItself(String rule) {
		assertThat(problems(() -> flags().allKeys().where(rule).search("x"))).singleElement()
			.asString()
			.startsWith("--where: ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a)|(b", "(", "[a", "(?=a)", "\\Qabc", "a\\" })
	void refusesAPatternThatDoesNotStandByItself(String pattern) {
		assertThat(problems(() -> flags().allKeys().pattern(pattern))).singleElement()
			.asString()
			.startsWith("--pattern " + pattern + " is no RE2 pattern: ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			assets      | --store assets: expected TYPE:NAME, such as jdbc:assets
			jdbc:       | --store jdbc:: expected TYPE:NAME, such as jdbc:assets
			:assets     | --store :assets: expected TYPE:NAME, such as jdbc:assets
			jdbc:assets | --store jdbc:assets: the configuration has no such store; it has memory:assets
			memory:x    | --store memory:x: the configuration has no such store; it has memory:assets
			""")
	void refusesAStoreThatIsNotConfigured(String store, String problem) {
		assertThat(problems(() -> AdHocDefinition.builder(SETTINGS, store, NOTHING_SET))).containsExactly(problem);
	}

	@Test
	void saysWhereStoresAreConfigured() {
		assertThat(problems(() -> AdHocDefinition.builder(Settings.DEFAULT, "jdbc:x", NOTHING_SET))).containsExactly(
				"--store jdbc:x: the configuration has no such store; describe it under 'stores' in kvpurge.yaml");
	}

	@Test
	void rangesPaceAndCareStandInTheText() {
		AdHocDefinition adHoc = built(
				(flags) -> flags.prefix("a/").splitBy("-01\"").requests("4 per 1s").keysPerSecond(50).recheck(true));
		PurgeDefinition read = new DefinitionReader().read(adHoc.text(), "saved.yaml");
		assertThat(read.splitBy()).isEqualTo("-01\"");
		assertThat(read.requests()).isEqualTo(new RequestRate(4, Duration.ofSeconds(1)));
		assertThat(read.limits().keysPerSecond()).isEqualTo(50);
		assertThat(read.recheck()).isTrue();
		assertThat(built((flags) -> flags.prefix("a/").splitBy(null).requests(null).recheck(false)).text())
			.isEqualTo(built((flags) -> flags.prefix("a/")).text());
	}

	@Test
	void refusesRangesAndPacesThatAreNone() {
		assertThat(problems(() -> flags().splitBy("aa"))).containsExactly("--split-by has 'a' twice");
		assertThat(problems(() -> flags().keysPerSecond(0)))
			.containsExactly("--keys-per-second is 0: expected a whole number from 1 to 1000000");
		assertThat(problems(() -> flags().requests("4")))
			.containsExactly("--requests is '4': expected a number per a duration, such as 960 per 5m");
	}

	@Test
	void aNamespaceNeedsTheVariablesOfItsAccount() {
		assertThat(problems(() -> AdHocDefinition.builder(SETTINGS, "cloudflare:cache", NOTHING_SET)))
			.containsExactly("--store cloudflare:cache: the configuration has no such store; set CLOUDFLARE_ACCOUNT_ID"
					+ " and CLOUDFLARE_API_TOKEN in the environment, or describe it under 'stores' in kvpurge.yaml");
		assertThat(problems(() -> AdHocDefinition.builder(SETTINGS, "cloudflare:cache",
				(name) -> name.endsWith("_ID") ? "a1" : "")))
			.singleElement()
			.asString()
			.contains("set CLOUDFLARE_API_TOKEN in");
	}

	@Test
	void aNamespaceIsNamedByItsTitle() {
		for (String title : List.of("cache", "my cache: \"v2\"", "it's #1")) {
			AdHocDefinition adHoc = AdHocDefinition.builder(SETTINGS, "cloudflare:" + title, (name) -> "hunter2")
				.allKeys()
				.build();
			PurgeDefinition read = new DefinitionReader().read(adHoc.text(), "saved.yaml");
			assertThat(read.digest()).isEqualTo(adHoc.definition().digest());
			assertThat(read.store().publicValues()).containsEntry("namespace", List.of(title))
				.containsEntry("account-id", List.of("${CLOUDFLARE_ACCOUNT_ID}"));
			assertThat(adHoc.text()).contains("api-token: \"${CLOUDFLARE_API_TOKEN}\"").doesNotContain("hunter2");
		}
		assertThat(problems(() -> AdHocDefinition.builder(SETTINGS, "cloudflare:a${B}", (name) -> "x")))
			.containsExactly("--store cloudflare:a${B}: a title with ${ in it cannot be told from a variable:"
					+ " give namespace-id in a definition");
	}

	@Test
	void aStoreOfTheConfigurationComesFirst() {
		Settings settings = Settings.DEFAULT
			.withStores(Map.of("cache", DefinitionTexts.read(DefinitionTexts.with("  type: memory\n  name: tests\n", """
					  type: cloudflare
					  account-id: a1
					  api-token: ${TOKEN}
					  namespace-id: n1
					""")).store()));
		assertThat(AdHocDefinition.builder(settings, "cloudflare:cache", NOTHING_SET).allKeys().build().text())
			.contains("namespace-id: \"n1\"", "${TOKEN}");
	}

	@Test
	void refusesFlagsThatDoNotSayWhichKeysGo() {
		assertThat(problems(() -> flags().build()))
			.containsExactly("which keys? give --prefix, --keys, --keys-file or --all-keys");
		assertThat(problems(() -> flags().search("x").build())).hasSize(1);
		assertThat(problems(() -> flags().allKeys().prefix("a").build()))
			.containsExactly("give either --prefix or --all-keys, not both");
		assertThat(problems(() -> flags().prefix("a").prefix("a/b").build()))
			.containsExactly("--prefix: prefixes overlap: 'a/b' begins with 'a'");
	}

	@Test
	void refusesFlagsThatAreEmpty() {
		assertThat(problems(() -> flags().prefix(""))).hasSize(1);
		assertThat(problems(() -> flags().search(""))).hasSize(1);
		assertThat(problems(() -> flags().pattern(""))).hasSize(1);
		assertThat(problems(() -> flags().tag("a", ""))).hasSize(1);
		assertThat(problems(() -> flags().tag("a", null)))
			.containsExactly("--tag-field and --tag-value belong together: one of them is missing");
		assertThat(problems(() -> flags().keys(List.of()))).hasSize(1);
		assertThat(problems(() -> flags().keys(List.of("a", "")))).hasSize(1);
	}

	@Test
	void refusesMoreKeysThanItListsOneByOne() {
		List<String> keys = new ArrayList<>();
		for (int i = 0; i <= 1000; i++) {
			keys.add("k" + i);
		}
		assertThat(problems(() -> flags().keys(keys)))
			.containsExactly("1001 keys are given, more than 1000: write them into a file, for --keys-file");
	}

}
