package io.kvpurge.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.ledger.DeletionLedger;
import io.kvpurge.ledger.RunMode;
import io.kvpurge.ledger.RunState;
import io.kvpurge.report.RunDetails;
import io.kvpurge.report.RunPage;
import io.kvpurge.report.RunReport;
import io.kvpurge.store.DeleteResult;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValue;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.memory.MemoryStore;
import io.kvpurge.testkit.Browser;
import io.kvpurge.testkit.ForwardingKeyValueStore;
import io.kvpurge.testkit.Page;

import static org.assertj.core.api.Assertions.assertThat;

/** What the page and the JSON of a run show, by what happened to it. */
class RunPageTests {

	private static final int ENTRIES = 3000;

	private static final String COLORED = "metadata.color.size() > 0";

	private static final List<String> PARTS = List.of("funnel", "throughput", "ranges", "calls", "metadata", "sample",
			"refusals", "attempts", "definition");

	@TempDir
	Path folder;

	private final Drawing drawing = new Drawing();

	private PurgeTester tester() {
		return new PurgeTester(this.folder.resolve("home"));
	}

	private static MemoryStore filled() {
		MemoryStore store = new MemoryStore("pages", Clock.systemUTC());
		store.write(PurgeTester.entries(ENTRIES));
		return store;
	}

	private RunReport run(KeyValueStore store, String definition, RunMode mode) {
		PurgeTester tester = tester();
		return tester.run(tester.jobs(store), definition, mode, false, this.drawing);
	}

	@Test
	void aNormalRunShowsItsFunnelItsThroughputAndItsRanges() {
		run(filled(), PurgeTester.everyThird(4), RunMode.PURGE);
		Page page = this.drawing.page();
		assertThat(page.texts("//main/section/@id")).containsExactlyElementsOf(PARTS);
		assertThat(page.texts("//h1")).containsExactly("test.1 COMPLETED");
		assertThat(page.section("funnel")).contains("listed3,000", "matched1,000", "deleted1,000", "unmatched2,000");
		assertThat(page.shapes("throughput", "main")).isNotEmpty();
		assertThat(page.shapes("ranges", "completed")).hasSize(4);
		assertThat(page.shapes("ranges", "call")).hasSizeGreaterThanOrEqualTo(4);
		assertThat(page.shapes("ranges", "resume")).isEmpty();
		assertThat(page.texts("//section[@id='sample']//td/code")).contains("key/0000000", "key/0000003");
		assertThat(page.texts("//section[@id='sample']//th")).containsExactly("key");
		assertThat(page.section("refusals")).contains("Nothing.");
		assertThat(page.section("attempts")).contains("1 COMPLETED", "tester on localhost, pid 1", "done");
		assertThat(page.section("definition")).contains("where: \"metadata.n % 3 == 0\"", "seal")
			.doesNotContain("not sealed");
	}

	@Test
	void thePageNeedsNothingBesideIt() {
		run(filled(), PurgeTester.everyThird(1), RunMode.PURGE);
		assertThat(this.drawing.html).doesNotContain("http:", "https:", "//cdn", "<script", "url(", "@import")
			.contains("<html lang=\"en\">", "prefers-color-scheme: dark", "@media print", "width=device-width");
		assertThat(this.drawing.page().texts("//*[local-name()='svg'][not(@aria-label) and not(@aria-hidden)]"))
			.isEmpty();
		assertThat(this.folder.resolve("pages").toFile().list()).containsExactly("page.html");
	}

	@Test
	void aResumedRunShowsWhereItFailedAndWhereItWasCarriedOn() {
		MemoryStore store = filled();
		RunReport failed = fail(store);
		assertThat(failed.run().state()).isEqualTo(RunState.FAILED);
		assertThat(this.drawing.page().texts("//header/p")).anyMatch((line) -> line.contains("the cable is out"));
		assertThat(this.drawing.page().section("definition")).contains("not sealed");
		run(store, PurgeTester.everyThird(2), RunMode.PURGE);
		Page page = this.drawing.page();
		assertThat(page.section("attempts")).contains("1 FAILED", "the cable is out", "2 COMPLETED");
		assertThat(page.section("ranges")).contains("Attempt 2 began");
		assertThat(page.shapes("ranges", "failed")).isNotEmpty();
		assertThat(page.shapes("ranges", "resume")).hasSize(2);
		JsonNode json = this.drawing.json();
		assertThat(json.get("history").valueStream().map((attempt) -> attempt.get("status").asString()))
			.containsExactly("FAILED", "COMPLETED");
		assertThat(json.at("/ranges/0/times").valueStream().map((time) -> time.get("status").asString()))
			.contains("completed");
	}

	private RunReport fail(MemoryStore store) {
		AtomicInteger calls = new AtomicInteger();
		return run(new ForwardingKeyValueStore(store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				if (calls.incrementAndGet() > 1) {
					throw new StoreException("the cable is out");
				}
				return super.list(range, from, limit);
			}
		}, PurgeTester.everyThird(2), RunMode.PURGE);
	}

	@Test
	void aThrottledRunShowsWhichRangesRepeatedCalls() {
		runThrottled(filled());
		Page page = this.drawing.page();
		assertThat(page.section("ranges")).contains("3 repeated");
		assertThat(page.section("calls")).contains("repeated, of all of these3");
		assertThat(this.drawing.json().at("/ranges/0/calls/retried").asInt()).isEqualTo(3);
	}

	private void runThrottled(MemoryStore store) {
		AtomicInteger calls = new AtomicInteger();
		run(new ForwardingKeyValueStore(store) {
			@Override
			public KeyPage list(KeyRange range, ListingPosition from, int limit) {
				if (calls.incrementAndGet() <= 3) {
					throw new TransientStoreException("429", null, Duration.ofMillis(1));
				}
				return super.list(range, from, limit);
			}
		}, PurgeTester.everyThird(1), RunMode.PURGE);
	}

	@Test
	void anEmptyRunSaysThatThereWasNothing() {
		run(new MemoryStore("empty", Clock.systemUTC()), PurgeTester.everyThird(4), RunMode.PURGE);
		Page page = this.drawing.page();
		assertThat(page.texts("//main/section/@id")).containsExactlyElementsOf(PARTS);
		assertThat(page.section("funnel")).contains("The store listed no entry");
		assertThat(page.section("throughput")).contains("No key was deleted");
		assertThat(page.section("sample")).contains("Nothing was deleted.");
		assertThat(this.drawing.json().get("throughput").get("done").valueStream().mapToDouble(JsonNode::asDouble))
			.hasSize(60)
			.containsOnly(0.0);
	}

	@Test
	void aPlanShowsItsForecastAndTheValuesOfItsRulesFields() {
		planColors();
		Page page = this.drawing.page();
		assertThat(page.section("metadata")).contains("color", "red2", "blue1");
		assertThat(page.texts("//section[@id='sample']//th")).containsExactly("key", "metadata");
		assertThat(page.section("sample")).contains("\"color\":\"red\"");
		assertThat(page.section("forecast")).contains("run", "apply");
		assertThat(page.section("funnel")).doesNotContain("deleted");
		assertThat(page.shapes("throughput", "calm")).isNotEmpty();
	}

	private void planColors() {
		run(colors(), PurgeTester.definition("[\"\"]", COLORED, 1), RunMode.PLAN);
	}

	private static MemoryStore colors() {
		MemoryStore store = new MemoryStore("pages", Clock.systemUTC());
		store.write(List.of(tagged("a", "red"), tagged("b", "red"), tagged("c", "blue")));
		return store;
	}

	@Test
	void aRunShowsTheValuesOfItsRulesFieldsAmongWhatItDeleted() {
		run(new ForwardingKeyValueStore(colors()) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				super.delete(entries.stream().filter((entry) -> !entry.key().equals(Key.of("b"))).toList());
				return new DeleteResult(List.of(Key.of("a"), Key.of("c")), List.of(), List.of(),
						Map.of(Key.of("b"), "locked"), List.of(), List.of(), null);
			}
		}, PurgeTester.definition("[\"\"]", COLORED, 1), RunMode.PURGE);
		assertThat(this.drawing.page().section("metadata")).contains("Metadata of what was deleted", "color", "red1",
				"blue1");
		assertThat(this.drawing.json().get("metadataOf").asString()).isEqualTo("deleted");
		assertThat(this.drawing.json().at("/metadata/color")).hasToString("{\"blue\":1,\"red\":1}");
	}

	@Test
	void aRunThatIsJudgedFirstShowsTheValuesOfWhatItFound() {
		run(colors(), PurgeTester.guarded("[\"\"]", COLORED, 1), RunMode.PURGE);
		assertThat(this.drawing.page().section("funnel")).contains("deleted3");
		assertThat(this.drawing.page().section("metadata")).contains("red2", "blue1");
		assertThat(this.drawing.json().get("metadataOf").asString()).isEqualTo("matched");
	}

	/** Each part is seen, nothing is wider than a phone, and axe-core finds nothing. */
	@Test
	void everyPageIsGoodToReadInABrowser() throws Exception {
		List<Browser.View> views = new ArrayList<>();
		run(filled(), PurgeTester.everyThird(4), RunMode.PURGE);
		views.add(new Browser.View(this.drawing.keep("normal"), 360));
		MemoryStore store = filled();
		fail(store);
		run(store, PurgeTester.everyThird(2), RunMode.PURGE);
		views.add(new Browser.View(this.drawing.keep("resumed"), 360));
		views.add(new Browser.View(this.drawing.keep("resumed"), 1100));
		runThrottled(filled());
		views.add(new Browser.View(this.drawing.keep("throttled"), 360));
		run(new MemoryStore("empty", Clock.systemUTC()), PurgeTester.everyThird(4), RunMode.PURGE);
		views.add(new Browser.View(this.drawing.keep("empty"), 360));
		planColors();
		views.add(new Browser.View(this.drawing.keep("plan"), 360));
		Path bad = Files.writeString(this.folder.resolve("bad.html"),
				"<html><body><img src='x.png'><p style='width:500px;color:#eee'>pale</p></body></html>");
		views.add(new Browser.View(bad, 360));
		List<Browser.Seen> seen = Browser.look(views);
		assertThat(seen).hasSize(views.size());
		Browser.Seen worst = seen.get(seen.size() - 1);
		assertThat(worst.violations()).as("what looks has eyes").anyMatch((line) -> line.startsWith("color-contrast"));
		assertThat(worst.scrollWidth()).isGreaterThan(worst.innerWidth());
		assertThat(seen.subList(0, seen.size() - 1)).allSatisfy((page) -> {
			assertThat(page.sections()).containsAll(PARTS);
			assertThat(page.scrollWidth()).isLessThanOrEqualTo(page.innerWidth());
			assertThat(page.violations()).isEmpty();
			assertThat(page.console()).isEmpty();
		});
	}

	private static KeyValue tagged(String key, String color) {
		return new KeyValue(Key.of(key), null, Metadata.of(Map.of("color", color)), null);
	}

	@Test
	void refusedKeysAreNamedWithTheirReasonAndKeysAreNoMarkup() {
		String nasty = "</td><script>alert(1)</script>&\"'\u0007";
		MemoryStore store = filled();
		store.write(List.of(new KeyValue(Key.of(nasty), null, Metadata.of(Map.of("n", 0L)), null)));
		run(new ForwardingKeyValueStore(store) {
			@Override
			public DeleteResult delete(List<KeyEntry> entries) {
				List<KeyEntry> allowed = new ArrayList<>(entries);
				boolean refused = allowed.removeIf((entry) -> entry.key().equals(Key.of(nasty)));
				DeleteResult result = super.delete(allowed);
				return refused ? result.and(new DeleteResult(List.of(), List.of(), List.of(),
						Map.of(Key.of(nasty), "<b>locked</b>"), List.of(), List.of(), null)) : result;
			}
		}, PurgeTester.everyThird(1), RunMode.PURGE);
		Page page = this.drawing.page();
		assertThat(page.section("refusals")).contains("</td><script>alert(1)</script>&\"'\uFFFD", "<b>locked</b>");
		assertThat(page.texts("//script | //td//b")).isEmpty();
		JsonNode json = this.drawing.json();
		assertThat(json.at("/refusals/reasons/<b>locked<~1b>").asInt()).isEqualTo(1);
		assertThat(json.at("/refusals/sample/0/key").asString()).isEqualTo(nasty);
	}

	/** Draws each run when it ends, as the command line does. */
	private final class Drawing implements RunListener {

		private String html = "";

		private String json = "";

		@Override
		public void onEnd(RunReport report, DeletionLedger ledger, long pauses) {
			RunDetails details = RunDetails.of(report, ledger);
			try {
				Path file = RunPageTests.this.folder.resolve("pages").resolve("page.html");
				new RunPage(details).write(file);
				this.html = Files.readString(file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.json = details.toJson();
		}

		/** The page as it is now, beside those of other runs. */
		private Path keep(String name) throws IOException {
			return Files.writeString(RunPageTests.this.folder.resolve(name + ".html"), this.html);
		}

		private Page page() {
			return new Page(this.html);
		}

		private JsonNode json() {
			return JsonMapper.shared().readTree(this.json);
		}

	}

}
