package io.kvpurge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.filter.Verdict;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The definitions in {@code jobs/} can be used, and do what their first lines say. */
class JobsFolderTests {

	private static final Instant AS_OF = Instant.parse("2026-06-30T00:00:00Z");

	static List<Path> definitions() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("jobs"))) {
			return files.filter((file) -> file.toString().endsWith(".yaml")).sorted().toList();
		}
	}

	private static BoundDefinition bound(String name, Map<String, List<String>> parameters) {
		return new DefinitionReader().read(Path.of("jobs", name + ".yaml")).bind(parameters);
	}

	private static Verdict verdict(BoundDefinition definition, String key, Map<String, Object> metadata,
			@Nullable Instant expiration) {
		KeyEntry entry = new KeyEntry(Key.of(key), Metadata.of(metadata), expiration, null);
		return definition.filter(AS_OF, List.of()).decide(entry).verdict();
	}

	@ParameterizedTest
	@MethodSource("definitions")
	void isValidAndNamedAfterItsFile(Path file) {
		PurgeDefinition definition = new DefinitionReader().read(file);
		assertThat(file).hasFileName(definition.name() + ".yaml");
	}

	@ParameterizedTest
	@MethodSource("definitions")
	void saysWhatItDeletesWhatItKeepsAndHowToLookFirst(Path file) throws IOException {
		List<String> opening = Files.readAllLines(file).stream().takeWhile((line) -> line.startsWith("#")).toList();
		assertThat(opening.get(0)).startsWith("# Deletes ");
		assertThat(String.join("\n", opening)).containsIgnoringCase("keeps ");
		assertThat(opening).anySatisfy((line) -> assertThat(line).startsWith("# Look first: ")
			.contains("plan " + file.toString().replace('\\', '/')));
	}

	@ParameterizedTest
	@MethodSource("definitions")
	void asksMoreOfAnEntryThanItsPrefixOrSaysThatItDoesNot(Path file) throws IOException {
		boolean all = new DefinitionReader().read(file).where().isAll();
		assertThat(Files.readString(file).contains("every key of ")).isEqualTo(all);
		assertThat(Files.readString(file).contains(", whatever its metadata")).isEqualTo(all);
	}

	@Test
	void expiredSessionsGoAfterThirtyDays() {
		BoundDefinition sessions = bound("expired-sessions", Map.of());
		Instant longAgo = Instant.parse("2026-05-31T00:00:00Z");
		assertThat(verdict(sessions, "s", Map.of(), longAgo)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(sessions, "s", Map.of("legal_hold", false), longAgo)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(sessions, "s", Map.of("legal_hold", true), longAgo)).isEqualTo(Verdict.HELD);
		assertThat(verdict(sessions, "s", Map.of(), longAgo.plusSeconds(1))).isEqualTo(Verdict.UNMATCHED);
		assertThat(verdict(sessions, "s", Map.of(), null)).isEqualTo(Verdict.UNMATCHED);
	}

	@Test
	void oneCustomersEntriesGoAndNobodyElses() {
		BoundDefinition customer = bound("customer-entries", Map.of("customer", List.of("4711")));
		assertThat(customer.prefixes()).containsExactly(Key.of("customer/4711/"));
		assertThat(verdict(customer, "customer/4711/cart", Map.of("kind", "cart"), null)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(customer, "customer/4711/x", Map.of(), null)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(customer, "customer/4711/7", Map.of("kind", "invoice"), null)).isEqualTo(Verdict.HELD);
		assertThat(verdict(customer, "customer/47110/x", Map.of(), null)).isEqualTo(Verdict.UNMATCHED);
		for (String wrong : List.of("4711/../1", "", "%", "1/")) {
			assertThatThrownBy(() -> bound("customer-entries", Map.of("customer", List.of(wrong))))
				.hasMessageContaining("parameter 'customer' is ");
		}
	}

	@Test
	void staleBuildsGoByTheirAge() {
		BoundDefinition builds = bound("stale-builds", Map.of());
		String longAgo = "2026-04-01T00:00:00Z";
		assertThat(verdict(builds, "nightly/1", Map.of("built", "2026-03-31T23:59:59Z"), null))
			.isEqualTo(Verdict.MATCHED);
		assertThat(verdict(builds, "nightly/1", Map.of("built", longAgo), null)).isEqualTo(Verdict.UNMATCHED);
		assertThat(verdict(builds, "nightly/1", Map.of(), null)).isEqualTo(Verdict.UNDECIDED);
		BoundDefinition younger = bound("stale-builds", Map.of("older_than", List.of("30d")));
		assertThat(verdict(younger, "nightly/1", Map.of("built", longAgo), null)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(younger, "nightly/1", Map.of("built", longAgo, "pinned", true), null))
			.isEqualTo(Verdict.HELD);
		assertThat(verdict(younger, "nightly/1", Map.of("built", longAgo, "channel", "release"), null))
			.isEqualTo(Verdict.HELD);
	}

	@Test
	void pagesGoByOneOfTheirTags() {
		BoundDefinition pages = bound("cloudflare-tag", Map.of("tag", List.of("product-7")));
		assertThat(verdict(pages, "page/1", Map.of("cache-tag", "a, product-7"), null)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(pages, "page/1", Map.of("cache-tag", "product-70"), null)).isEqualTo(Verdict.UNMATCHED);
		assertThat(verdict(pages, "page/1", Map.of(), null)).isEqualTo(Verdict.UNMATCHED);
		assertThat(verdict(pages, "page/1", Map.of("cache-tag", "product-7", "pinned", true), null))
			.isEqualTo(Verdict.HELD);
		assertThatThrownBy(() -> bound("cloudflare-tag", Map.of("tag", List.of("a,b"))))
			.hasMessageContaining("parameter 'tag' is ");
	}

	@Test
	void oldBuildsOfASiteGoUnlessTheyAreLive() {
		BoundDefinition site = bound("cloudflare-stale-builds", Map.of("live", List.of("v6", "v5")));
		String longAgo = "2026-05-31T00:00:00Z";
		assertThat(verdict(site, "site/a", Map.of("build", "v4", "deployed", longAgo), null))
			.isEqualTo(Verdict.MATCHED);
		assertThat(verdict(site, "site/a", Map.of("build", "v5", "deployed", longAgo), null)).isEqualTo(Verdict.HELD);
		assertThat(verdict(site, "site/a", Map.of("deployed", longAgo), null)).isEqualTo(Verdict.HELD);
		assertThat(verdict(site, "site/a", Map.of("build", "v4", "deployed", "2026-05-31T00:00:01Z"), null))
			.isEqualTo(Verdict.UNMATCHED);
		assertThatThrownBy(() -> bound("cloudflare-stale-builds", Map.of()))
			.hasMessageContaining("parameter 'live' is missing");
	}

	@Test
	void previewsGoWithTheirPullRequestOrByTheirAge() {
		BoundDefinition previews = bound("cloudflare-previews", Map.of("closed", List.of("118", "7")));
		String now = "2026-06-29T00:00:00Z";
		String longAgo = "2026-05-31T00:00:00Z";
		assertThat(verdict(previews, "preview/a", Map.of("pr", 118, "deployed", now), null)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(previews, "preview/a", Map.of("pr", "7"), null)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(previews, "preview/a", Map.of("pr", 11, "deployed", now), null))
			.isEqualTo(Verdict.UNMATCHED);
		assertThat(verdict(previews, "preview/a", Map.of("pr", 11, "deployed", longAgo), null))
			.isEqualTo(Verdict.MATCHED);
		assertThat(verdict(previews, "preview/a", Map.of("deployed", longAgo), null)).isEqualTo(Verdict.MATCHED);
		assertThat(verdict(previews, "preview/a", Map.of(), null)).isEqualTo(Verdict.UNDECIDED);
		assertThat(verdict(previews, "preview/a", Map.of("pr", 7, "pinned", true), null)).isEqualTo(Verdict.HELD);
		assertThat(verdict(bound("cloudflare-previews", Map.of()), "preview/a", Map.of("pr", 7, "deployed", now), null))
			.isEqualTo(Verdict.UNMATCHED);
	}

	@Test
	void aCustomersKeysAndAWholeNamespaceGoWhateverTheirMetadata() {
		BoundDefinition customer = bound("cloudflare-customer", Map.of("id", List.of("4711")));
		assertThat(customer.prefixes()).containsExactly(Key.of("customer/4711/"));
		assertThat(verdict(customer, "customer/4711/x", Map.of(), null)).isEqualTo(Verdict.MATCHED);
		BoundDefinition namespace = bound("cloudflare-clear", Map.of());
		assertThat(namespace.prefixes()).containsExactly(Key.of(""));
		assertThat(verdict(namespace, "x", Map.of("pinned", true), null)).isEqualTo(Verdict.MATCHED);
	}

}
