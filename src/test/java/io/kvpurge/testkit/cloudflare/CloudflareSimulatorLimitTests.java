package io.kvpurge.testkit.cloudflare;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import io.kvpurge.testkit.MutableClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How much the service lets through, and how late it shows what it has done. */
class CloudflareSimulatorLimitTests {

	private final MutableClock clock = new MutableClock(Instant.parse("2026-11-20T10:00:00Z"));

	private CloudflareSimulator simulator;

	private Client client;

	private String namespace;

	private void start(Settings settings) {
		this.simulator = CloudflareSimulator.start(settings.withClock(this.clock));
		this.namespace = this.simulator.createNamespace("cache");
		this.client = new Client(this.simulator, this.namespace);
	}

	@AfterEach
	void stop() {
		this.simulator.close();
	}

	private static String header(HttpResponse<byte[]> answer, String name) {
		return answer.headers().firstValue(name).orElse("none");
	}

	@Test
	void everyAnswerSaysHowManyRequestsAreLeft() {
		start(Settings.defaults());
		HttpResponse<byte[]> first = this.client.get("/keys");
		assertThat(header(first, "Ratelimit")).isEqualTo("\"default\";r=1199;t=300");
		assertThat(header(first, "Ratelimit-Policy")).isEqualTo("\"default\";q=1200;w=300");
		this.clock.advance(Duration.ofMillis(100_500));
		assertThat(header(this.client.get("/values/none"), "Ratelimit")).isEqualTo("\"default\";r=1198;t=200");
	}

	@Test
	void beyondTheLimitEveryCallIsThrottledUntilTheWindowEnds() {
		start(Settings.defaults().withRequests(2, Duration.ofMillis(2500)));
		this.client.get("/keys");
		this.client.get("/keys");
		this.clock.advance(Duration.ofMillis(700));
		HttpResponse<byte[]> throttled = this.client.get("/keys");
		assertThat(Client.problem(throttled)).isIn("429/971", "429/10022");
		assertThat(header(throttled, "Retry-After")).isEqualTo("2");
		assertThat(header(throttled, "Ratelimit")).isEqualTo("\"default\";r=0;t=2");
		this.clock.advance(Duration.ofMillis(1799));
		assertThat(this.client.get("").statusCode()).isEqualTo(429);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.client.get("").statusCode()).isEqualTo(200);
		assertThat(this.simulator.counters().throttled()).isEqualTo(2);
		assertThat(this.simulator.counters().requests(Call.LIST)).isEqualTo(2);
	}

	@Test
	void onePlaceMayNotAskTooOftenInASecond() {
		start(Settings.defaults());
		for (int i = 0; i < 200; i++) {
			assertThat(this.client.get("").statusCode()).isEqualTo(200);
		}
		assertThat(header(this.client.get(""), "Retry-After")).isEqualTo("1");
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(this.client.get("").statusCode()).isEqualTo(200);
	}

	@Test
	void bulkCallsBeyondTheLimitAreRefusedWhileOthersAreUnderWay() {
		start(Settings.defaults());
		this.simulator.latency(Call.BULK_DELETE, Duration.ofSeconds(1));
		CompletableFuture<?> others = CompletableFuture.allOf(CompletableFuture.runAsync(this::deleteOne),
				CompletableFuture.runAsync(this::deleteOne));
		await().until(() -> this.simulator.counters().mostBulkCallsAtOnce() == 2);
		assertThat(Client.problem(this.client.bulkDelete(List.of("b")))).isEqualTo("429/10046");
		others.join();
		assertThat(this.client.bulkDelete(List.of("b")).statusCode()).isEqualTo(200);
	}

	private void deleteOne() {
		this.client.bulkDelete(List.of("a"));
	}

	@Test
	void theFreePlanHasItsFillEachDay() {
		start(Settings.defaults().withDailyQuota(1, 3));
		assertThat(this.client.get("/keys").statusCode()).isEqualTo(200);
		assertThat(Client.problem(this.client.get("/keys"))).isEqualTo("429/10048");
		assertThat(this.client.bulkDelete(List.of("a", "b")).statusCode()).isEqualTo(200);
		assertThat(Client.problem(this.client.bulkDelete(List.of("a", "b")))).isEqualTo("429/10048");
		assertThat(this.client.bulkDelete(List.of("a")).statusCode()).isEqualTo(200);
		this.clock.advance(Duration.ofHours(14));
		assertThat(this.client.get("/keys").statusCode()).isEqualTo(200);
	}

	@Test
	void aChangeShowsLateButIsTrueAtOnce() {
		start(Settings.defaults().withConsistencyDelay(Duration.ofHours(1)).withTombstones(Duration.ZERO));
		this.simulator.fill(this.namespace, 100, (i) -> "k" + (100 + i), (i) -> "1");
		List<String> names = this.simulator.keys(this.namespace);
		this.client.bulkDelete(names.subList(0, 50));
		names.subList(50, 100)
			.forEach((name) -> this.client.put("/bulk", "[{\"key\":\"" + name + "\",\"value\":\"v\",\"metadata\":2}]"));
		assertThat(this.simulator.keys(this.namespace)).isEqualTo(names.subList(50, 100));
		assertThat(shown("1")).isGreaterThan(95);
		assertThat(this.client.get("/metadata/" + names.get(99)).body()).asString().contains("\"result\":1");
		this.clock.advance(Duration.ofMinutes(30));
		assertThat(shown("1")).isBetween(30, 70);
		assertThat(shown("2")).isBetween(10, 40);
		this.clock.advance(Duration.ofMinutes(30));
		assertThat(shown("1")).isZero();
		assertThat(shown("2")).isEqualTo(50);
	}

	private int shown(String metadata) {
		int count = 0;
		for (JsonNode key : Client.json(this.client.get("/keys")).get("result")) {
			count += key.path("metadata").asString("none").equals(metadata) ? 1 : 0;
		}
		return count;
	}

	@Test
	void aKeyThatIsNewShowsLateToo() {
		start(Settings.defaults().withConsistencyDelay(Duration.ofHours(1)));
		this.client.put("/values/a", "v");
		assertThat(this.client.listing("", 10)).containsExactly("|");
		assertThat(this.client.get("/values/a").statusCode()).isEqualTo(404);
		assertThat(this.simulator.keys(this.namespace)).containsExactly("a");
		this.clock.advance(Duration.ofHours(1));
		assertThat(this.client.listing("", 10)).containsExactly("a", "|");
	}

	@Test
	void aKeyThatExpiresIsNoLongerThere() {
		start(Settings.defaults());
		this.client.put("/values/a?expiration_ttl=60", "v");
		assertThat(this.client.listing("", 10)).containsExactly("a", "|");
		this.clock.advance(Duration.ofSeconds(60));
		assertThat(this.client.listing("", 10)).containsExactly("|");
		assertThat(this.simulator.keys(this.namespace)).isEmpty();
	}

}
