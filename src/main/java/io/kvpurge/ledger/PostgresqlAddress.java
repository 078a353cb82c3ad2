package io.kvpurge.ledger;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.SecretRedactor;

/**
 * Where a PostgreSQL database is, and who asks. Its text has no secret in it.
 */
public final class PostgresqlAddress {

	private static final Pattern SECRET = Pattern.compile("[?&](?:password|sslpassword)=([^&]*)");

	private final String url;

	private final Properties credentials;

	private final SecretRedactor redactor;

	private PostgresqlAddress(String url, Properties credentials) {
		this.url = url;
		this.credentials = credentials;
		List<String> secrets = new ArrayList<>();
		Matcher matcher = SECRET.matcher(url);
		while (matcher.find()) {
			secrets.add(matcher.group(1));
			secrets.add(URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8));
		}
		String password = credentials.getProperty("password");
		if (password != null) {
			secrets.add(password);
		}
		this.redactor = new SecretRedactor(secrets);
	}

	/**
	 * Understands {@code jdbc:postgresql://host:port/database?options}, and the form
	 * without {@code jdbc:} that has user and password before the host.
	 * @param username null if the URL names the user, or nobody does
	 * @param password null if the URL has it, or none is needed
	 * @throws IllegalArgumentException if it is neither; the message has no secret in it
	 */
	public static PostgresqlAddress of(String url, @Nullable String username, @Nullable String password) {
		Properties credentials = new Properties();
		String jdbc = url.startsWith("jdbc:postgresql:") ? url : jdbc(url, credentials);
		if (username != null) {
			credentials.setProperty("user", username);
		}
		if (password != null) {
			credentials.setProperty("password", password);
		}
		return new PostgresqlAddress(jdbc, credentials);
	}

	private static String jdbc(String url, Properties credentials) {
		if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
			throw new IllegalArgumentException(
					"expected jdbc:postgresql://HOST/DATABASE or postgresql://USER:PASSWORD@HOST/DATABASE");
		}
		URI uri;
		try {
			uri = new URI(url);
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"it is no valid URL (special characters of a password are " + "percent-encoded in it: @ is %40)");
		}
		String user = uri.getRawUserInfo();
		if (user != null) {
			int colon = user.indexOf(':');
			credentials.setProperty("user", decode((colon < 0) ? user : user.substring(0, colon)));
			if (colon >= 0) {
				credentials.setProperty("password", decode(user.substring(colon + 1)));
			}
		}
		if (uri.getHost() == null) {
			throw new IllegalArgumentException("it names no host");
		}
		return "jdbc:postgresql://" + uri.getHost() + ((uri.getPort() >= 0) ? ":" + uri.getPort() : "")
				+ uri.getRawPath() + ((uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "");
	}

	private static String decode(String text) {
		return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
	}

	String url() {
		return this.url;
	}

	/** Those that do not stand in the URL. */
	Properties credentials() {
		Properties copy = new Properties();
		copy.putAll(this.credentials);
		return copy;
	}

	/** The text without secrets. */
	String redact(String text) {
		return this.redactor.redact(text);
	}

	@Override
	public String toString() {
		int options = this.url.indexOf('?');
		return (options < 0) ? this.url : this.url.substring(0, options);
	}

}
