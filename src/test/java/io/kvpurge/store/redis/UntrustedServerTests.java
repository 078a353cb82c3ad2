package io.kvpurge.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.testkit.Keytool;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A server that shows a certificate which nobody has signed. */
class UntrustedServerTests {

	@TempDir
	private Path folder;

	@Test
	void aCertificateThatIsNotTrustedIsForAPersonToMend() throws Exception {
		try (SSLServerSocket listener = listen()) {
			Thread server = new Thread(() -> shakeHands(listener), "untrusted-server");
			server.start();
			String address = "localhost:" + listener.getLocalPort();
			StoreOptions options = new StoreOptions(Map.of("url", List.of("rediss://" + address + "/0")));
			assertThatExceptionOfType(InvalidStoreException.class).isThrownBy(() -> new RedisStoreType().open(options))
				.withMessageStartingWith("store: the certificate of " + address + " is not trusted: ")
				.withMessageEndingWith("; let the JVM trust it, or look at 'url'");
			listener.close();
			server.join();
		}
	}

	private SSLServerSocket listen() throws IOException, GeneralSecurityException {
		char[] password = Keytool.PASSWORD.toCharArray();
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream stream = Files.newInputStream(Keytool.selfSigned(this.folder))) {
			store.load(stream, password);
		}
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(store, password);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), null, null);
		return (SSLServerSocket) context.getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getByName("localhost"));
	}

	private static void shakeHands(SSLServerSocket listener) {
		while (!listener.isClosed()) {
			try (SSLSocket client = (SSLSocket) listener.accept()) {
				client.startHandshake();
			}
			catch (IOException ex) {
				// The client does not trust it, or the test is over.
			}
		}
	}

}
