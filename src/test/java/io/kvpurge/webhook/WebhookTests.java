package io.kvpurge.webhook;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.kvpurge.testkit.HttpReceiver;
import io.kvpurge.testkit.HttpReceiver.Received;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WebhookTests {

	private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1614265330), ZoneOffset.UTC);

	private final HttpReceiver receiver = new HttpReceiver();

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	private static Webhook webhook(URI address, @Nullable String token, @Nullable String secret) {
		return new Webhook(address, token, secret, new Webhook.Patience(Duration.ofSeconds(30), Duration.ofMillis(1)),
				CLOCK);
	}

	private Webhook webhook() {
		return webhook(this.receiver.url("/hook?key=hidden"), null, null);
	}

	@Test
	void postsTheObjectAndSaysWhatHappened() {
		assertThat(webhook().send("guard", "{\"a\":\"\u00e9\"}")).isEmpty();
		Received received = this.receiver.received().get(0);
		assertThat(received.path()).isEqualTo("/hook?key=hidden");
		assertThat(received.text()).isEqualTo("{\"a\":\"\u00e9\"}");
		assertThat(received.header("Content-Type")).isEqualTo("application/json");
		assertThat(received.header("X-Kvpurge-Event")).isEqualTo("guard");
		assertThat(received.headers()).doesNotContainKeys("Authorization", "Webhook-Signature");
	}

	@Test
	void isSentAgainUntilTheReceiverTakesIt() {
		this.receiver.answering(500, 503);
		assertThat(webhook().send("success", "{}")).isEmpty();
		assertThat(this.receiver.received()).hasSize(3);
		assertThat(this.receiver.received()).extracting((received) -> received.header("webhook-id"))
			.containsOnly(this.receiver.received().get(0).header("webhook-id"));
	}

	@Test
	void isGivenUpAfterFourAttempts() {
		this.receiver.answering(500, 429, 503, 502);
		assertThat(webhook().send("success", "{}")).contains("the webhook answered 502, 4 times");
		assertThat(this.receiver.received()).hasSize(4);
	}

	@Test
	void isNotSentAgainIfTheReceiverWillNeverTakeIt() {
		this.receiver.answering(404);
		assertThat(webhook().send("success", "{}")).contains("the webhook answered 404");
		assertThat(this.receiver.received()).hasSize(1);
	}

	@Test
	void doesNotWaitForAReceiverThatNeverAnswers() {
		this.receiver.silent();
		Instant begin = Instant.now();
		Webhook webhook = new Webhook(this.receiver.url("/"), null, null,
				new Webhook.Patience(Duration.ofMillis(200), Duration.ofMillis(1)), CLOCK);
		assertThat(webhook.send("success", "{}")).contains("the webhook cannot be reached: NoAnswer");
		assertThat(Duration.between(begin, Instant.now())).isGreaterThan(Duration.ofMillis(790));
		Webhook.Patience usual = Webhook.Patience.USUAL;
		assertThat(usual.answer().multipliedBy(4).plus(usual.pause().multipliedBy(1 + 2 + 4)))
			.isLessThan(Duration.ofSeconds(30));
	}

	@Test
	void aHostThatCannotBeReachedIsSaidWithoutTheAddress() {
		URI address = this.receiver.url("/hook?key=hidden");
		this.receiver.close();
		assertThat(webhook(address, null, null).send("success", "{}")).hasValueSatisfying(
				(line) -> assertThat(line).isEqualTo("the webhook cannot be reached: ConnectException"));
		assertThat(webhook(URI.create("http://nowhere.invalid/?key=hidden"), null, null).send("success", "{}"))
			.hasValueSatisfying(
					(line) -> assertThat(line).startsWith("the webhook cannot be reached: ").doesNotContain("hidden"));
	}

	@Test
	void showsATokenAndSignsAsStandardWebhooksSays() {
		webhook(this.receiver.url("/"), "letmein", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").send("success", "{}");
		Received received = this.receiver.received().get(0);
		assertThat(received.header("Authorization")).isEqualTo("Bearer letmein");
		assertThat(received.header("webhook-timestamp")).isEqualTo("1614265330");
		assertThat(received.header("webhook-signature"))
			.isEqualTo(new WebhookSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").of(received.header("webhook-id"),
					"1614265330", "{}"));
	}

	/** The example of the specification's own libraries. */
	@Test
	void theSignatureIsThatOfTheSpecification() {
		assertThat(new WebhookSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").of("msg_p5jXN8AQM9LWM0D4loKWxJek",
				"1614265330", "{\"test\": 2432232314}"))
			.isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	}

	@Test
	void whatCannotBeUsedIsNotRepeated() {
		assertThatIllegalArgumentException().isThrownBy(() -> webhook(this.receiver.url("/"), "two\nlines", null))
			.withMessage("the token has a character that no header may have");
		assertThatIllegalArgumentException().isThrownBy(() -> webhook(this.receiver.url("/"), null, "whsec_?"))
			.withMessage("the secret begins with whsec_, but no base64 follows");
	}

}
