package io.kvpurge.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Makes certificates that nobody has signed. */
public final class Keytool {

	/** Of each key store that it makes. */
	public static final String PASSWORD = "hunter2";

	private Keytool() {
	}

	/** Makes a PKCS12 key store for {@code localhost} in a folder. */
	public static Path selfSigned(Path folder) {
		Path store = folder.resolve("self-signed.p12");
		run("-genkeypair", "-alias", "self", "-keyalg", "EC", "-dname", "CN=self", "-ext", "san=dns:localhost",
				"-keystore", store.toString());
		return store;
	}

	/** Runs it with further arguments. */
	public static void run(String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
		command.addAll(List.of(arguments));
		command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor()).as(output).isZero();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
