package io.kvpurge.broker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.jms.JMSSecurityException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

import io.kvpurge.store.SecretRedactor;

/**
 * Where an Apache Artemis broker is, and who asks. Its text has no secret in it.
 */
public final class BrokerAddress {

	private static final Pattern SECRET = Pattern.compile("[?&;][^=&]*[Pp]assword=([^&)]*)");

	private static final Pattern URL = Pattern
		.compile("(?:tcp://[^,()?#\\s]+|\\(tcp://[^,()\\s]+(?:,tcp://[^,()\\s]+)*\\))(?:[?#].*)?");

	/**
	 * What is added unless the URL says something else. Without a window of nothing, the
	 * first worker would fetch everything that is there. A worker that is cut off is
	 * given up by the broker about when the database gives it up.
	 */
	private static final Map<String, String> DEFAULTS = defaults();

	private final String url;

	private final @Nullable String username;

	private final @Nullable String password;

	private final SecretRedactor redactor;

	private BrokerAddress(String url, @Nullable String username, @Nullable String password) {
		this.url = url;
		this.username = username;
		this.password = password;
		List<String> secrets = new ArrayList<>();
		Matcher matcher = SECRET.matcher(url);
		while (matcher.find()) {
			secrets.add(matcher.group(1));
			secrets.add(URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8));
		}
		if (password != null) {
			secrets.add(password);
		}
		this.redactor = new SecretRedactor(secrets);
	}

	private static Map<String, String> defaults() {
		Map<String, String> defaults = new LinkedHashMap<>();
		defaults.put("consumerWindowSize", "0");
		defaults.put("connectionTTL", "20000");
		defaults.put("clientFailureCheckPeriod", "10000");
		defaults.put("callTimeout", "10000");
		defaults.put("reconnectAttempts", "0");
		return defaults;
	}

	/**
	 * Understands {@code tcp://HOST:PORT?options}, and several of them, in parentheses.
	 * @throws IllegalArgumentException if it is neither; the message has no secret in it
	 */
	public static BrokerAddress of(String url, @Nullable String username, @Nullable String password) {
		if (!URL.matcher(url).matches()) {
			throw new IllegalArgumentException("expected tcp://HOST:PORT or (tcp://HOST:PORT,tcp://HOST:PORT)");
		}
		if (url.matches("\\(?tcp://[^/?#]*@.*")) {
			throw new IllegalArgumentException(
					"it has a user in it: give KVPURGE_BROKER_USERNAME and KVPURGE_BROKER_PASSWORD instead");
		}
		return new BrokerAddress(url, username, password);
	}

	/** The same broker for another user, as whom nobody asked yet. */
	public BrokerAddress as(@Nullable String otherName, @Nullable String otherPassword) {
		return new BrokerAddress(this.url, otherName, otherPassword);
	}

	/** Opens no connection yet. */
	ActiveMQConnectionFactory connections() {
		StringBuilder full = new StringBuilder(this.url);
		DEFAULTS.forEach((name, value) -> {
			if (!this.url.contains(name + "=")) {
				full.append((full.indexOf("?") < 0) ? '?' : '&').append(name).append('=').append(value);
			}
		});
		try {
			ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(full.toString(), this.username,
					this.password);
			// Only text is sent. Nothing that comes is ever turned into an object.
			factory.setDeserializationAllowList("java.lang.String");
			return factory;
		}
		catch (RuntimeException ex) {
			throw new BrokerException("the broker's address " + this + " cannot be used: " + redact(firstLine(ex)),
					null);
		}
	}

	/** In words for people: drivers like to repeat the URL. */
	BrokerException failure(Exception failure) {
		return new BrokerException("cannot use the broker " + this + ": " + redact(firstLine(failure)), failure);
	}

	/**
	 * As {@link #failure}, of one who could not connect or was not allowed to do
	 * something: looks whether that is for a person to mend.
	 */
	BrokerException connectFailure(Exception failure) {
		String problem = TlsHandshake.problem(connections().getStaticConnectors());
		if (problem != null) {
			return new BrokerRefusedException("cannot use the broker " + this + ": " + redact(problem), failure);
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof JMSSecurityException) {
				return new BrokerRefusedException("cannot use the broker " + this + ": " + redact(firstLine(failure)),
						failure);
			}
		}
		return failure(failure);
	}

	private static String firstLine(Throwable failure) {
		return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage())
			.lines()
			.findFirst()
			.orElse("");
	}

	private String redact(String text) {
		return this.redactor.redact(text);
	}

	@Override
	public String toString() {
		return redact(this.url);
	}

}
