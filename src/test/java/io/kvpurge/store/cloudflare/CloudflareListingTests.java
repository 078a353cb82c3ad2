package io.kvpurge.store.cloudflare;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.kvpurge.store.Cursor;
import io.kvpurge.store.CursorRefusedException;
import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.KeyPage;
import io.kvpurge.store.KeyRange;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.ListingPosition;
import io.kvpurge.store.Metadata;
import io.kvpurge.store.StoreCapability;
import io.kvpurge.store.TransientStoreException;
import io.kvpurge.store.Unreadable;
import io.kvpurge.testkit.cloudflare.Call;
import io.kvpurge.testkit.cloudflare.Fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Pages of a listing, and what stands in them. */
class CloudflareListingTests {

	private static final KeyRange ALL = KeyRange.of(Key.of(""));

	private Simulated simulated;

	private KeyValueStore store;

	@BeforeEach
	void start() {
		this.simulated = new Simulated();
		this.store = this.simulated.open();
	}

	@AfterEach
	void stop() {
		this.simulated.close();
	}

	private static List<Key> keys(List<KeyEntry> entries) {
		return entries.stream().map(KeyEntry::key).toList();
	}

	private KeyPage scripted(String body, KeyRange range) {
		try (ScriptedService service = new ScriptedService(); KeyValueStore scripted = service.open()) {
			service.reply(200, body);
			return scripted.list(range, ListingPosition.START, 10);
		}
	}

	private static String page(String entries, String info) {
		return "{\"success\": true, \"errors\": [], \"messages\": [], \"result\": [" + entries + "]" + info + "}";
	}

	@Test
	void whatItCanDoIsSaid() {
		assertThat(this.store.capabilities().abilities()).containsExactlyInAnyOrder(StoreCapability.METADATA_IN_LISTING,
				StoreCapability.ORDERED, StoreCapability.RESUMABLE, StoreCapability.VALUES);
		assertThat(this.store.capabilities().settleDelay()).hasSeconds(90);
		assertThat(this.store.capabilities().bulkCallsAtOnce()).isEqualTo(2);
		assertThat(this.store.capabilities().readLimit()).isEqualTo(100);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 9, 10, 11, 99, 1000 })
	void aPageIsOneRequest(int limit) {
		List<KeyEntry> all = this.simulated.fill(30);
		assertThat(this.store.list(ALL, ListingPosition.START, limit).entries())
			.isEqualTo(all.subList(0, Math.min(30, limit)));
		assertThat(this.simulated.service().counters().requests(Call.LIST)).isOne();
	}

	@Test
	void aMillionKeysWouldTakeAThousandRequests() {
		List<KeyEntry> all = this.simulated.fill(5_000);
		assertThat(Simulated.walk(this.store, ALL, ListingPosition.START, 1000)).isEqualTo(all);
		assertThat(this.simulated.service().counters().requests(Call.LIST)).isBetween(5, 6);
	}

	@Test
	void emptyAndShortPagesAreNotTheEnd() {
		List<KeyEntry> all = this.simulated.fill(100);
		this.simulated.service().failNext(Call.LIST, 1, Fault.emptyPage());
		this.simulated.service().failNext(Call.LIST, 2, Fault.shortPage());
		this.simulated.service().failNext(Call.LIST, 1, Fault.emptyPage());
		assertThat(Simulated.walk(this.store, ALL, ListingPosition.START, 25)).isEqualTo(all);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ", \"result_info\": null", ", \"result_info\": {}",
			", \"result_info\": {\"count\": 0, \"cursor\": \"\"}", ", \"result_info\": {\"cursor\": null}" })
	void aMissingCursorIsTheEndHoweverItIsMissing(String info) {
		assertThat(scripted(page("", info), ALL)).isEqualTo(new KeyPage(List.of(), null));
	}

	@Test
	void deletedKeysThatStillTakePlacesDoNotEndAListing() {
		List<KeyEntry> all = this.simulated.fill(300);
		this.store.delete(all.subList(0, 250));
		assertThat(Simulated.walk(this.store, ALL, ListingPosition.START, 20)).isEqualTo(all.subList(250, 300));
	}

	@Test
	void aForgottenCursorIsRefusedAndTheRangeListedAgainBehindTheLastKey() {
		List<KeyEntry> all = this.simulated.fill(100);
		KeyPage first = this.store.list(ALL, ListingPosition.START, 20);
		this.simulated.service().forgetCursors();
		assertThatExceptionOfType(CursorRefusedException.class)
			.isThrownBy(() -> this.store.list(ALL, ListingPosition.at(first.next()), 20));
		assertThat(Simulated.walk(this.store, ALL, new ListingPosition(null, all.get(19).key()), 15))
			.isEqualTo(all.subList(20, 100));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 10, 25 })
	void aLastKeyIsObeyedHoweverManyPagesAheadItIs(int limit) {
		List<KeyEntry> all = this.simulated.fill(100);
		this.simulated.service().failNext(Call.LIST, 1, Fault.emptyPage());
		assertThat(Simulated.walk(this.store, ALL, new ListingPosition(null, Key.of("k000070x")), limit))
			.isEqualTo(all.subList(71, 100));
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "", "no cursor", "!:a" })
	void aCursorOfSomebodyElseIsRefused(String text) {
		if (!text.isEmpty()) {
			assertThatExceptionOfType(CursorRefusedException.class)
				.isThrownBy(() -> this.store.list(ALL, ListingPosition.at(new Cursor(text)), 20));
		}
	}

	@Test
	void rangesHaveBounds() {
		List<KeyEntry> all = this.simulated.fill(60);
		KeyRange middle = new KeyRange(Key.of("k"), all.get(19).key(), all.get(40).key());
		for (int limit : new int[] { 1, 7, 10, 30, 1000 }) {
			assertThat(Simulated.walk(this.store, middle, ListingPosition.START, limit)).isEqualTo(all.subList(20, 41));
		}
	}

	@Test
	void prefixesAreSentWithEveryPageAndWholeEmojiToo() {
		for (String key : List.of("a", "😀", "😀1", "😀2", "😁", "\uFFFD1")) {
			this.simulated.put(key, null);
		}
		this.simulated.fill(30);
		assertThat(keys(Simulated.walk(this.store, KeyRange.of(Key.of("😀")), ListingPosition.START, 1)))
			.containsExactly(Key.of("😀"), Key.of("😀1"), Key.of("😀2"));
		assertThat(keys(Simulated.walk(this.store, KeyRange.of(Key.of("k00000")), ListingPosition.START, 10)))
			.hasSize(10);
	}

	@Test
	void aPrefixThatIsNoTextHasNoKeys() {
		this.simulated.fill(3);
		KeyRange range = KeyRange.of(Key.of(new byte[] { (byte) 0xf0, (byte) 0x9f }));
		assertThat(this.store.list(range, ListingPosition.START, 10)).isEqualTo(new KeyPage(List.of(), null));
	}

	@Test
	void whatIsNotUnderThePrefixIsNotBelieved() {
		KeyPage page = scripted(page("{\"name\": \"a/1\"}, {\"name\": \"b/1\"}, {\"name\": \"a\"}", ""),
				KeyRange.of(Key.of("a/")));
		assertThat(keys(page.entries())).containsExactly(Key.of("a/1"));
	}

	@Test
	void aListingThatDoesNotMoveOnIsNotFollowedForever() {
		try (ScriptedService service = new ScriptedService(); KeyValueStore scripted = service.open()) {
			String same = page("", ", \"result_info\": {\"cursor\": \"c\"}");
			service.reply(200, same).reply(200, same);
			assertThatExceptionOfType(TransientStoreException.class)
				.isThrownBy(() -> Simulated.walk(scripted, ALL, ListingPosition.START, 10))
				.withMessageContaining("same page");
		}
	}

	@Test
	void metadataOfEveryKindIsReadAndNeverThatOfAnotherKey() {
		String deep = "[".repeat(500) + "]".repeat(500);
		List<String> forms = List.of("{\"a\": {\"b\": [1, 2.5, null]}}", "\"text\"", "7", "-0.25", "true", "[]", "{}",
				"\"\"", "9007199254740993", "123456789012345678901234567890", deep, "9".repeat(1000));
		for (int i = 0; i < forms.size(); i++) {
			this.simulated.put("m%02d".formatted(2 * i), forms.get(i));
			this.simulated.put("m%02d".formatted(2 * i + 1), null);
		}
		List<KeyEntry> listed = Simulated.walk(this.store, ALL, ListingPosition.START, 1000);
		assertThat(listed).hasSize(2 * forms.size());
		for (int i = 0; i < forms.size(); i++) {
			assertThat(listed.get(2 * i).metadata().isPresent()).isTrue();
			assertThat(listed.get(2 * i + 1).metadata()).isEqualTo(Metadata.ABSENT);
		}
		assertThat(listed.get(0).metadata())
			.isEqualTo(Metadata.of(Map.of("a", Map.of("b", Arrays.asList(1L, 2.5, null)))));
		assertThat(IntStream.of(2, 4, 6, 8, 10, 12, 14, 16).mapToObj((at) -> listed.get(at).metadata().value()))
			.containsExactly("text", 7L, -0.25, true, List.of(), Map.of(), "", 9_007_199_254_740_993L);
		assertThat(listed.get(18).metadata().value()).isEqualTo(new BigInteger("123456789012345678901234567890"));
		// The simulator does not tell metadata that deep in a bulk read.
		List<KeyEntry> shallow = listed.stream().filter((entry) -> !entry.key().equals(Key.of("m20"))).toList();
		assertThat(this.store.find(keys(shallow))).containsExactlyInAnyOrderElementsOf(shallow);
	}

	@Test
	void oddMetadataDoesNotSpoilThePage() {
		KeyPage page = scripted(page("""
				{"name": "a", "metadata": 1e999}, {"name": "b", "metadata": {"n": [-1e999]}},
				{"name": "c", "metadata": {"x": "\\ud800", "x": 2}}, {"metadata": null, "name": "d", "more": [{}]},
				{"metadata": {"name": "z", "expiration": "never"}, "name": "e", "expiration": 4102444800}""", ""), ALL);
		assertThat(keys(page.entries())).extracting(Key::text).containsExactly("a", "b", "c", "d", "e");
		assertThat(page.entries()).extracting(KeyEntry::metadata)
			.containsExactly(Metadata.of(Unreadable.VALUE), Metadata.of(Map.of("n", List.of(Unreadable.VALUE))),
					Metadata.of(Map.of("x", 2L)), Metadata.ABSENT,
					Metadata.of(Map.of("name", "z", "expiration", "never")));
		assertThat(page.entries().get(4).expiration()).hasToString("2100-01-01T00:00:00Z");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"success\": true, \"result\": [{\"name\": \"a\"}]",
			"{\"success\": true, \"result\": [{\"name\": \"a\"}]} x", "{\"success\": true, \"result\": null}",
			"{\"success\": true}", "{\"result\": []}", "{\"success\": true, \"result\": [{}]}",
			"{\"success\": true, \"result\": [{\"name\": 1}]}", "{\"success\": true, \"result\": [null]}",
			"{\"success\": true, \"result\": [], \"result_info\": {\"cursor\": 7}}",
			"{\"success\": true, \"result\": [{\"name\": \"a\", \"expiration\": \"soon\"}]}", "[]", "" })
	void aPageThatMakesNoSenseIsNoEmptyPage(String body) {
		assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> scripted(body, ALL));
	}

	@Test
	void aPageThatIsCutOffIsNoPage() {
		this.simulated.fill(100);
		this.simulated.service().failNext(Call.LIST, 1, Fault.cut());
		assertThatExceptionOfType(TransientStoreException.class)
			.isThrownBy(() -> this.store.list(ALL, ListingPosition.START, 100));
		assertThat(this.store.list(ALL, ListingPosition.START, 100).entries()).hasSize(100);
	}

}
