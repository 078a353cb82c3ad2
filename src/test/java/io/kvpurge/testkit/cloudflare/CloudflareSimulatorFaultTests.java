package io.kvpurge.testkit.cloudflare;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What can go wrong with a request. */
class CloudflareSimulatorFaultTests {

	private final CloudflareSimulator simulator = CloudflareSimulator.start(Settings.defaults().withoutRequestLimit());

	private final String namespace = this.simulator.createNamespace("cache");

	private final Client client = new Client(this.simulator, this.namespace);

	@BeforeEach
	void fill() {
		this.simulator.fill(this.namespace, 100, (i) -> "k" + (100 + i), (i) -> null);
	}

	@AfterEach
	void stop() {
		this.simulator.close();
	}

	private int left() {
		return this.simulator.keys(this.namespace).size();
	}

	private HttpResponse<byte[]> deleteAll() {
		return this.client.bulkDelete(this.simulator.keys(this.namespace));
	}

	@Test
	void theNextRequestsOfAKindGoWrongAndNoMore() {
		this.simulator.failNext(Call.BULK_DELETE, 2, Fault.error(503, 10001));
		assertThat(this.client.get("/keys").statusCode()).isEqualTo(200);
		assertThat(Client.problem(deleteAll())).isEqualTo("503/10001");
		assertThat(Client.problem(deleteAll())).isEqualTo("503/10001");
		assertThat(left()).isEqualTo(100);
		assertThat(deleteAll().statusCode()).isEqualTo(200);
		assertThat(left()).isZero();
	}

	@Test
	void aRequestMayBeDoneOrHalfDoneThoughItFailed() {
		this.simulator.failNext(Call.BULK_DELETE, 1, Fault.timeout(0.5));
		HttpResponse<byte[]> answer = deleteAll();
		assertThat(answer.statusCode()).isEqualTo(524);
		assertThat(answer.body()).asString().startsWith("<!DOCTYPE html>");
		assertThat(left()).isEqualTo(50);
		assertThat(this.simulator.journal().deletes()).hasSize(50);
		this.simulator.failNext(Call.BULK_DELETE, 1, Fault.errorAfter(500, 10001, 1));
		assertThat(Client.problem(deleteAll())).isEqualTo("500/10001");
		assertThat(left()).isZero();
	}

	@Test
	void aThrottledRequestIsToldHowLongToWaitOrNot() {
		this.simulator.failNext(Call.LIST, 1, Fault.throttled(7));
		HttpResponse<byte[]> answer = this.client.get("/keys");
		assertThat(answer.headers().firstValue("Retry-After")).contains("7");
		assertThat(answer.headers().firstValue("Ratelimit").orElseThrow()).contains("r=0;t=7");
		this.simulator.failNext(Call.LIST, 1, Fault.throttled(null));
		assertThat(this.client.get("/keys").headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void keysThatWereNotDeletedAreNamedInASuccessOrInAFailure() {
		this.simulator.failNext(Call.BULK_DELETE, 1, Fault.unsuccessful(200, 0.75));
		JsonNode result = Client.json(deleteAll()).get("result");
		assertThat(result.get("successful_key_count").intValue()).isEqualTo(75);
		Set<String> named = new TreeSet<>();
		result.get("unsuccessful_keys").forEach((key) -> named.add(key.stringValue()));
		assertThat(named).containsExactlyElementsOf(this.simulator.keys(this.namespace));
		this.simulator.failNext(Call.BULK_DELETE, 1, Fault.unsuccessful(400, 0.2));
		HttpResponse<byte[]> failure = deleteAll();
		assertThat(failure.statusCode()).isEqualTo(400);
		assertThat(Client.json(failure).get("success").booleanValue()).isFalse();
		assertThat(Client.json(failure).at("/result/unsuccessful_keys")).hasSize(20);
		assertThat(left()).isEqualTo(20);
	}

	@Test
	void aRefusedKeyMayTurnTheAnswerIntoAFailure() {
		this.simulator.refuse("k100");
		this.simulator.answerRefusalsWith(500);
		HttpResponse<byte[]> answer = deleteAll();
		assertThat(Client.problem(answer)).isEqualTo("500/10001");
		assertThat(Client.json(answer).at("/result/unsuccessful_keys/0").stringValue()).isEqualTo("k100");
		assertThat(this.simulator.keys(this.namespace)).containsExactly("k100");
	}

	@Test
	void aConnectionMayBeDroppedBeforeOrAfterItWasDoneOrInTheAnswer() {
		this.simulator.failNext(Call.BULK_DELETE, 1, Fault.dropped(0));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::deleteAll);
		assertThat(left()).isEqualTo(100);
		this.simulator.failNext(Call.BULK_DELETE, 1, Fault.dropped(0.5));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::deleteAll);
		assertThat(left()).isEqualTo(50);
		this.simulator.failNext(Call.BULK_DELETE, 1, Fault.cut());
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::deleteAll);
		assertThat(left()).isZero();
		assertThat(this.simulator.counters().requests(Call.BULK_DELETE)).isEqualTo(3);
	}

	@Test
	void anAnswerMayBeGarbage() {
		this.simulator.failNext(Call.LIST, 1, Fault.garbage(200, 1));
		HttpResponse<byte[]> answer = this.client.get("/keys");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).asString().startsWith("<!DOCTYPE html>");
	}

	@Test
	void pagesMayBeEmptyOrShort() {
		this.simulator.failNext(Call.LIST, 2, Fault.emptyPage());
		this.simulator.failNext(Call.LIST, 1, Fault.shortPage());
		List<String> listed = this.client.listing("", 100);
		assertThat(listed).startsWith("|", "|");
		assertThat(listed).hasSize(104)
			.filteredOn((name) -> !name.equals("|"))
			.isEqualTo(this.simulator.keys(this.namespace));
	}

	@Test
	void aCursorMayBeForgotten() {
		this.simulator.failNext(Call.LIST, 1, Fault.cursorForgotten());
		String cursor = Client.json(this.client.get("/keys?limit=10")).at("/result_info/cursor").stringValue();
		String next = "/keys?limit=10&cursor=" + Client.encoded(cursor);
		assertThat(Client.problem(this.client.get(next))).isEqualTo("400/10041");
		assertThat(Client.problem(this.client.get(next))).isEqualTo("400/10041");
	}

	@Test
	void chanceIsTheSameForTheSameSeed() {
		List<String> first = oneCampaign();
		assertThat(first).contains("200").hasSizeGreaterThan(1).isEqualTo(oneCampaign());
		this.simulator.faults(Faults.none());
		assertThat(this.client.get("/keys").statusCode()).isEqualTo(200);
	}

	private List<String> oneCampaign() {
		this.simulator.faults(Faults.seeded(5).with(FaultKind.ERROR_BEFORE, 0.3).with(FaultKind.THROTTLED, 0.2));
		return Stream.generate(() -> "" + this.client.get("/keys").statusCode()).limit(30).toList();
	}

	@Test
	void whoGoesOnTryingGetsThroughAllThatGoesWrong() {
		this.simulator.faults(Faults.all(3, 0.03).withRetryAfter(0));
		Set<String> missing = new TreeSet<>(this.simulator.keys(this.namespace));
		for (int round = 0; !missing.isEmpty(); round++) {
			assertThat(round).isLessThan(1000);
			deleteBravely(new ArrayList<>(missing).subList(0, Math.min(5, missing.size())));
			missing.retainAll(this.simulator.keys(this.namespace));
		}
		assertThat(this.simulator.journal().deletes()).filteredOn(Journal.Delete::wasThere)
			.extracting(Journal.Delete::key)
			.doesNotHaveDuplicates()
			.hasSize(100);
	}

	private void deleteBravely(List<String> keys) {
		try {
			this.client.bulkDelete(keys);
			this.client.get("/keys?limit=10");
		}
		catch (UncheckedIOException ex) {
			// Tried again.
		}
	}

	@Test
	void aListenerMayHoldARequest() {
		List<String> seen = new CopyOnWriteArrayList<>();
		this.simulator.listen(new RequestListener() {
			@Override
			public void arrived(long number, Call call) {
				seen.add(call + " with " + left());
			}

			@Override
			public void answered(long number, Call call, int status) {
				seen.add(status + " with " + left());
			}
		});
		deleteAll();
		assertThat(seen).containsExactly("BULK_DELETE with 100", "200 with 0");
	}

}
