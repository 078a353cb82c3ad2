package io.kvpurge.testkit.cloudflare;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** What the service does when all goes well, and what it refuses. */
class CloudflareSimulatorTests {

	private final CloudflareSimulator simulator = CloudflareSimulator.start();

	private final String namespace = this.simulator.createNamespace("cache");

	private final Client client = new Client(this.simulator, this.namespace);

	@AfterEach
	void stop() {
		this.simulator.close();
	}

	private void put(String key, String metadata) {
		this.simulator.put(this.namespace, key, new byte[0], metadata, null);
	}

	@Test
	void keysAreListedWithWhatTheyHave() {
		put("a", "{\"b\":1.50}");
		put("b", null);
		this.simulator.put(this.namespace, "c\"\n", new byte[0], "[]", Instant.ofEpochSecond(4_000_000_000L));
		JsonNode page = Client.json(this.client.get("/keys"));
		assertThat(page.get("result").toString())
			.isEqualTo("[{\"name\":\"a\",\"metadata\":{\"b\":1.50}},{\"name\":\"b\"},"
					+ "{\"name\":\"c\\\"\\n\",\"expiration\":4000000000,\"metadata\":[]}]");
		assertThat(page.at("/result_info/count").intValue()).isEqualTo(3);
		assertThat(page.get("success").booleanValue()).isTrue();
	}

	@Test
	void keysAreOrderedByTheirBytes() {
		List<String> names = List.of("a", "z", "\u00e9", "\uffee", "\ud83d\ude00");
		names.forEach((name) -> put(name, null));
		assertThat(this.client.listing("", 10)).startsWith("a", "z", "\u00e9", "\uffee", "\ud83d\ude00");
		assertThat(this.simulator.keys(this.namespace)).isEqualTo(names);
	}

	@Test
	void pagesFollowUpToTheEndWhichLooksOneWayOrAnother() {
		this.simulator.fill(this.namespace, 25, (i) -> "k" + (10 + i), (i) -> null);
		List<String> listed = this.client.listing("", 10);
		assertThat(listed).hasSize(28).filteredOn((name) -> name.equals("|")).hasSize(3);
		assertThat(listed.get(10)).isEqualTo("|");
		List<String> ends = List.of(resultInfo(), resultInfo(), resultInfo());
		assertThat(ends).containsExactlyInAnyOrder("{\"count\":25}", "{\"count\":25,\"cursor\":\"\"}",
				"{\"count\":25,\"cursor\":null}");
	}

	private String resultInfo() {
		return Client.json(this.client.get("/keys")).get("result_info").toString();
	}

	@Test
	void aPrefixCountsForItsOwnPageOnly() {
		this.simulator.fill(this.namespace, 30, (i) -> "a" + (10 + i), (i) -> null);
		put("a", null);
		put("b", null);
		assertThat(this.client.listing("a", 1000)).startsWith("a", "a10").hasSize(32).doesNotContain("b");
		String cursor = Client.json(this.client.get("/keys?limit=31&prefix=")).at("/result_info/cursor").asString();
		HttpResponse<byte[]> other = this.client.get("/keys?prefix=b&cursor=" + Client.encoded(cursor));
		assertThat(new String(other.body(), StandardCharsets.UTF_8)).contains("{\"name\":\"b\"}");
		HttpResponse<byte[]> earlier = this.client.get("/keys?prefix=a1&cursor=" + Client.encoded(cursor));
		assertThat(Client.json(earlier).get("result")).isEmpty();
	}

	@Test
	void aListCallWithWrongArgumentsIsRefused() {
		assertThat(Client.problem(this.client.get("/keys?limit=9"))).isEqualTo("400/10029");
		assertThat(Client.problem(this.client.get("/keys?limit=1001"))).isEqualTo("400/10029");
		assertThat(Client.problem(this.client.get("/keys?limit=ten"))).isEqualTo("400/10029");
		assertThat(Client.problem(this.client.get("/keys?cursor=made-up"))).isEqualTo("400/10041");
	}

	@Test
	void deletedAndExpiredKeysAreWalkedThrough() {
		this.simulator.fill(this.namespace, 20, (i) -> "k" + (10 + i), (i) -> null);
		this.simulator.put(this.namespace, "k99", new byte[0], null, Instant.ofEpochSecond(1));
		this.client.bulkDelete(this.simulator.keys(this.namespace).subList(0, 10));
		assertThat(this.client.listing("", 10)).startsWith("|", "k20").endsWith("k29", "|", "|").hasSize(13);
		assertThat(this.simulator.keys(this.namespace)).hasSize(10);
	}

	@Test
	void bulkDeleteCountsEveryKeyOnceThereOrNot() {
		put("a", "1");
		HttpResponse<byte[]> answer = this.client.bulkDelete(List.of("a", "a", "b"));
		assertThat(Client.json(answer).get("result").toString())
			.isEqualTo("{\"successful_key_count\":2,\"unsuccessful_keys\":[]}");
		assertThat(this.simulator.keys(this.namespace)).isEmpty();
		assertThat(this.simulator.journal().deletes()).extracting("key", "wasThere", "metadata", "request")
			.containsExactly(tuple("a", true, "1", 1L), tuple("b", false, null, 1L));
	}

	@Test
	void aBulkDeleteOfTooMuchOrOfNonsenseIsRefusedAsAWhole() {
		put("a", null);
		List<String> tooMany = Collections.nCopies(10_001, "a");
		assertThat(Client.problem(this.client.bulkDelete(tooMany))).isEqualTo("400/10012");
		assertThat(Client.problem(this.client.bulkDelete(List.of()))).isEqualTo("400/10012");
		assertThat(Client.problem(this.client.post("/bulk/delete", "[1"))).isEqualTo("400/10012");
		assertThat(Client.problem(this.client.post("/bulk/delete", "[1]"))).isEqualTo("400/10012");
		assertThat(Client.problem(this.client.bulkDelete(List.of("a", "..")))).isEqualTo("400/10042");
		assertThat(Client.problem(this.client.bulkDelete(List.of("a", "\u00e9".repeat(257))))).isEqualTo("414/10030");
		assertThat(this.simulator.keys(this.namespace)).containsExactly("a");
	}

	@Test
	void aKeyIsRefusedForGoodUntilItIsAllowed() {
		this.simulator.refuse("a");
		put("a", null);
		assertThat(Client.json(this.client.bulkDelete(List.of("a", "b"))).get("result").toString())
			.isEqualTo("{\"successful_key_count\":1,\"unsuccessful_keys\":[\"a\"]}");
		this.simulator.allow("a");
		this.client.bulkDelete(List.of("a"));
		assertThat(this.simulator.keys(this.namespace)).isEmpty();
	}

	@Test
	void manyKeysAreReadAsTextOnly() {
		this.simulator.put(this.namespace, "a", new byte[] { 'x', (byte) 0xff }, "{\"n\":1}",
				Instant.ofEpochSecond(4_000_000_000L));
		assertThat(read("{\"keys\":[\"a\",\"b\"]}")).isEqualTo("{\"a\":\"x\ufffd\",\"b\":null}");
		assertThat(read("{\"keys\":[\"a\"],\"withMetadata\":true,\"type\":\"text\"}"))
			.isEqualTo("{\"a\":{\"value\":\"x\ufffd\",\"metadata\":{\"n\":1},\"expiration\":4000000000}}");
		this.simulator.put(this.namespace, "c", "{\"v\":1.0}".getBytes(StandardCharsets.UTF_8), null, null);
		assertThat(read("{\"keys\":[\"c\"],\"type\":\"json\"}")).isEqualTo("{\"c\":{\"v\":1.0}}");
		String tooMany = Answer.JSON.writeValueAsString(Collections.nCopies(101, "a"));
		assertThat(Client.problem(this.client.post("/bulk/get", "{\"keys\":" + tooMany + "}"))).isEqualTo("400/10012");
	}

	private String read(String request) {
		return Client.json(this.client.post("/bulk/get", request)).at("/result/values").toString();
	}

	@Test
	void moreThan25MegabytesAreNotReadAtOnce() {
		byte[] large = new byte[13 * 1024 * 1024];
		this.simulator.put(this.namespace, "a", large, null, null);
		this.simulator.put(this.namespace, "b", large, null, null);
		assertThat(Client.problem(this.client.post("/bulk/get", "{\"keys\":[\"a\",\"b\"]}"))).isEqualTo("413/10024");
		assertThat(this.client.post("/bulk/get", "{\"keys\":[\"a\"]}").statusCode()).isEqualTo(200);
	}

	@Test
	void manyKeysAreWrittenWithWhatTheyHave() {
		assertThat(Client
			.json(this.client.put("/bulk",
					"[{\"key\":\"a\",\"value\":\"/w==\",\"base64\":true,\"metadata\":{\"n\":1.0}},"
							+ "{\"key\":\"b\",\"value\":\"v\",\"expiration_ttl\":60,\"metadata\":null}]"))
			.at("/result/successful_key_count")
			.intValue()).isEqualTo(2);
		CloudflareSimulator.Stored a = this.simulator.stored(this.namespace, "a").orElseThrow();
		assertThat(a.value()).containsExactly(0xff);
		assertThat(a.metadata()).isEqualTo("{\"n\":1.0}");
		CloudflareSimulator.Stored b = this.simulator.stored(this.namespace, "b").orElseThrow();
		assertThat(b.expiration()).isAfter(Instant.now().plusSeconds(50));
		assertThat(b.metadata()).isNull();
		assertThat(this.simulator.journal().writes()).extracting(Journal.Write::key).containsExactly("a", "b");
	}

	@Test
	void aWriteBeyondTheLimitsIsRefused() {
		assertThat(Client.problem(this.client.put("/bulk", "[{\"key\":\"a\",\"value\":\"v\",\"expiration_ttl\":59}]")))
			.isEqualTo("400/10029");
		assertThat(Client.problem(this.client.put("/bulk",
				"[{\"key\":\"a\",\"value\":\"v\",\"metadata\":\"" + "m".repeat(1023) + "\"}]")))
			.isEqualTo("413/10024");
		assertThat(Client.problem(this.client.put("/bulk", "[{\"key\":\"a\"}]"))).isEqualTo("400/10012");
		assertThat(Client
			.problem(this.client.put("/values/a?expiration=" + Instant.now().plusSeconds(50).getEpochSecond(), "v")))
			.isEqualTo("400/10029");
		assertThat(this.simulator.keys(this.namespace)).isEmpty();
	}

	@Test
	void aSingleKeyIsWrittenReadAndDeleted() {
		String path = "/values/" + Client.encoded("a/b+ \ud83d\ude00%");
		long expiration = Instant.now().plusSeconds(100).getEpochSecond();
		assertThat(this.client.put(path + "?expiration=" + expiration, "v").statusCode()).isEqualTo(200);
		assertThat(this.simulator.keys(this.namespace)).containsExactly("a/b+ \ud83d\ude00%");
		HttpResponse<byte[]> read = this.client.get(path);
		assertThat(read.body()).containsExactly('v');
		assertThat(read.headers().firstValue("expiration")).contains(Long.toString(expiration));
		assertThat(this.client.send(this.client.to(path).DELETE()).statusCode()).isEqualTo(200);
		assertThat(this.client.send(this.client.to(path).DELETE()).statusCode()).isEqualTo(200);
		assertThat(Client.problem(this.client.get(path))).isEqualTo("404/10009");
	}

	@Test
	void aFormWritesMetadataToo() {
		byte[] form = ("--XX\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\n\u00ff\r\n--XX\r\n"
				+ "Content-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"n\":1}\r\n--XX--\r\n")
			.getBytes(StandardCharsets.ISO_8859_1);
		HttpRequest.Builder request = this.client.to("/values/a")
			.header("Content-Type", "multipart/form-data; boundary=XX")
			.PUT(HttpRequest.BodyPublishers.ofByteArray(form));
		assertThat(this.client.send(request).statusCode()).isEqualTo(200);
		assertThat(this.client.get("/values/a").body()).containsExactly(0xff);
		assertThat(Client.json(this.client.get("/metadata/a")).get("result").toString()).isEqualTo("{\"n\":1}");
		assertThat(Client.problem(this.client.get("/metadata/b"))).isEqualTo("404/10009");
	}

	@Test
	void namespacesAreListedInPages() {
		this.simulator.createNamespace("second");
		JsonNode page = Client.json(this.client.send(this.client
			.toApi("/accounts/" + this.simulator.accountId() + "/storage/kv/namespaces?page=2&per_page=1")));
		assertThat(page.at("/result/0/title").stringValue()).isEqualTo("second");
		assertThat(page.get("result_info").toString())
			.isEqualTo("{\"page\":2,\"per_page\":1,\"count\":1,\"total_count\":2}");
		assertThat(Client.json(this.client.get("")).at("/result/title").stringValue()).isEqualTo("cache");
		assertThat(this.client.send(this.client.toApi("/user/tokens/verify")).statusCode()).isEqualTo(200);
	}

	@Test
	void whoAsksWronglyGetsTheCodeForIt() {
		String base = "/accounts/" + this.simulator.accountId() + "/storage/kv/namespaces/";
		assertThat(problemAt(base + "0".repeat(32) + "/keys")).isEqualTo("404/10013");
		assertThat(problemAt(base + "short/keys")).isEqualTo("400/10011");
		assertThat(problemAt(base + this.namespace + "/values/a/b")).isEqualTo("404/7000");
		assertThat(problemAt("/accounts/" + "0".repeat(32) + "/storage/kv/namespaces")).isEqualTo("403/7003");
		assertThat(problemAt("/accounts/me/storage/kv/namespaces")).isEqualTo("404/7003");
		this.simulator.deny(Call.LIST);
		assertThat(Client.problem(this.client.get("/keys"))).isEqualTo("403/10037");
		assertThat(Client.problem(this.client.send(this.client.to("/keys").DELETE()))).isEqualTo("405/10405");
		this.simulator.revokeToken();
		assertThat(Client.problem(this.client.get("/keys"))).isEqualTo("403/10000");
	}

	private String problemAt(String path) {
		return Client.problem(this.client.send(this.client.toApi(path)));
	}

	@Test
	void aWrongTokenIsRefused() {
		HttpRequest.Builder request = this.client.to("/keys").setHeader("Authorization", "Bearer no");
		assertThat(Client.problem(this.client.send(request))).isEqualTo("401/10000");
		assertThat(this.simulator.counters().requests(Call.LIST)).isZero();
		assertThat(this.simulator.counters().requests()).isEqualTo(1);
	}

	@Test
	void answersAreZippedForWhoCanReadThat() throws Exception {
		put("a", null);
		HttpResponse<byte[]> answer = this.client.send(this.client.to("/keys").header("Accept-Encoding", "gzip"));
		try (var plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
			assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).contains("{\"name\":\"a\"}");
		}
		this.client.get("/keys");
		assertThat(this.simulator.counters().gzipped()).isEqualTo(1);
		assertThat(this.simulator.counters().connections()).isEqualTo(1);
	}

}
