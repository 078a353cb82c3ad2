package io.kvpurge.broker;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.testkit.ArtemisServer;
import io.kvpurge.testkit.Keytool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Who is let in by a broker, and which brokers are believed. */
class BrokerConnectionTests {

	private static final String PASSWORD = Keytool.PASSWORD;

	private static final ArtemisServer.User USER = new ArtemisServer.User("purger", PASSWORD, true);

	@TempDir
	private static Path keys;

	@TempDir
	private Path folder;

	@BeforeAll
	static void makeACertificateThatNobodyHasSigned() {
		Path broker = Keytool.selfSigned(keys);
		Keytool.run("-exportcert", "-alias", "self", "-keystore", broker.toString(), "-file", store("broker.cer"));
		Keytool.run("-importcert", "-noprompt", "-alias", "broker", "-file", store("broker.cer"), "-keystore",
				store("trusted.p12"));
	}

	private static String store(String name) {
		return keys.resolve(name).toString();
	}

	@Test
	void overTlsRangesGoToABrokerWhoseCertificateIsTrusted() {
		try (ArtemisServer broker = tls();
				RangeSender sender = RangeSender.open(trusting("localhost", broker.port(), "trusted.p12"),
						"kvpurge.test")) {
			sender.tryOut();
			RangeMessage range = new RangeMessage("cache.1/1", 7, 8);
			sender.send(range);
			assertThat(sender.waiting("cache.1/1")).containsExactly(range);
		}
	}

	@Test
	void aBrokerThatIsNotTrustedIsRefusedInOneLine() {
		try (ArtemisServer broker = tls()) {
			assertRefused(address("tcp://localhost:" + broker.port() + "?sslEnabled=true", null),
					"?sslEnabled=true: its certificate is not trusted: unable to find valid certification path to"
							+ " requested target");
			assertRefused(trusting("127.0.0.1", broker.port(), "trusted.p12"),
					": its certificate is not trusted: No subject alternative names matching IP address 127.0.0.1"
							+ " found");
			assertRefused(trusting("localhost", broker.port(), "nowhere.p12"),
					": its key store or trust store cannot be used: ");
		}
	}

	@Test
	void aWrongPasswordIsForAPersonToMend() {
		try (ArtemisServer broker = ArtemisServer.startFor(this.folder, USER)) {
			BrokerAddress address = BrokerAddress.of(broker.url(), null, null);
			assertRefused(address.as("purger", "wrong-one"), "Unable to validate user");
			assertRefused(address, "Unable to validate user");
			try (RangeSender sender = RangeSender.open(address.as("purger", PASSWORD), "kvpurge.test")) {
				sender.tryOut();
				assertThatExceptionOfType(BrokerRefusedException.class)
					.isThrownBy(() -> tryOut(address, "others.queue"))
					.withMessageContaining("others.queue");
			}
		}
	}

	private static void tryOut(BrokerAddress address, String queue) {
		try (RangeSender sender = RangeSender.open(address.as("purger", PASSWORD), queue)) {
			sender.tryOut();
		}
	}

	@Test
	void whoMayNotLookIntoTheQueueIsToldSo() {
		ArtemisServer.User user = new ArtemisServer.User("purger", PASSWORD, false);
		try (ArtemisServer broker = ArtemisServer.startFor(this.folder, user)) {
			assertThatExceptionOfType(BrokerRefusedException.class)
				.isThrownBy(() -> tryOut(BrokerAddress.of(broker.url(), null, null), "kvpurge.test"))
				.withMessageContaining("BROWSE");
		}
	}

	@Test
	void aBrokerThatIsAwayMayComeBack() {
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> RangeSender.open(address("tcp://localhost:1?sslEnabled=true", null), "kvpurge.test"))
			.isNotInstanceOf(BrokerRefusedException.class);
	}

	private ArtemisServer tls() {
		return ArtemisServer.startWithTls(this.folder, keys.resolve("self-signed.p12"), PASSWORD);
	}

	private static BrokerAddress trusting(String host, int port, String store) {
		return address("tcp://" + host + ":" + port + "?sslEnabled=true&trustStorePath=" + store(store)
				+ "&trustStorePassword=" + PASSWORD, null);
	}

	private static BrokerAddress address(String url, @Nullable String password) {
		return BrokerAddress.of(url, null, password);
	}

	private static void assertRefused(BrokerAddress address, String why) {
		assertThatExceptionOfType(BrokerRefusedException.class)
			.isThrownBy(() -> RangeSender.open(address, "kvpurge.test"))
			.satisfies((refused) -> assertThat(refused.getMessage()).startsWith("cannot use the broker tcp://")
				.contains(why)
				.doesNotContain(PASSWORD, "wrong-one", "\n"));
		assertThatExceptionOfType(BrokerRefusedException.class).isThrownBy(() -> receive(address));
	}

	private static void receive(BrokerAddress address) {
		try (RangeReceiver receiver = new RangeReceiver(address, "kvpurge.test", 1,
				(range) -> RangeReceiver.Work.ENDED)) {
			receiver.start();
		}
	}

}
