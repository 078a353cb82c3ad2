package io.kvpurge.store.cloudflare;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.InvalidStoreException;

/**
 * Where the namespaces of an account are.
 *
 * @param base the base URL of the API, without a slash at its end
 * @param accountId the account
 */
record AccountAddress(String base, String accountId) {

	private static final String DEFAULT_BASE = "https://api.cloudflare.com/client/v4";

	private static final String LOOPBACK = "localhost|127(\\.\\d{1,3}){3}|\\[::1]";

	private static final String UNRESERVED = "-_.~";

	static AccountAddress of(@Nullable String baseUrl, String accountId) {
		return new AccountAddress((baseUrl != null) ? checked(baseUrl) : DEFAULT_BASE, accountId);
	}

	/** The URL is not repeated in messages: what is wrong with it may be a secret. */
	private static String checked(String baseUrl) {
		URI uri;
		try {
			uri = new URI(baseUrl);
		}
		catch (URISyntaxException ex) {
			throw invalid("is no URL");
		}
		String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
		if (!scheme.equals("https") && !scheme.equals("http")) {
			throw invalid("does not begin with https://");
		}
		if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
			throw invalid("has user info; the token stands in 'api-token'");
		}
		if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
			throw invalid("is no URL of the form https://HOST/PATH");
		}
		if (scheme.equals("http") && !uri.getHost().toLowerCase(Locale.ROOT).matches(LOOPBACK)) {
			throw invalid("begins with http://, so that the token would travel unencrypted; use https://");
		}
		return baseUrl.replaceFirst("/+$", "");
	}

	private static InvalidStoreException invalid(String what) {
		return new InvalidStoreException("store: 'base-url' " + what);
	}

	/** The URL of the account's namespaces. */
	String namespaces() {
		return this.base + "/accounts/" + encoded(this.accountId) + "/storage/kv/namespaces";
	}

	/** The URL of one namespace. */
	String namespace(String id) {
		return namespaces() + "/" + encoded(id);
	}

	/** Which store a namespace is, wherever it is opened from. */
	String identity(String namespaceId) {
		String name = "cloudflare:" + this.accountId + "/" + namespaceId;
		return this.base.equals(DEFAULT_BASE) ? name : name + " at " + hostAndPort();
	}

	private String hostAndPort() {
		URI uri = URI.create(this.base);
		int port = (uri.getPort() >= 0) ? uri.getPort() : ("http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443);
		return uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
	}

	/** A text as one segment of a path, or one value of a query. */
	static String encoded(String text) {
		StringBuilder encoded = new StringBuilder();
		for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
			char character = (char) (unit & 0xff);
			if (character < 0x80 && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0)) {
				encoded.append(character);
			}
			else {
				encoded.append('%').append("%02X".formatted((int) character));
			}
		}
		return encoded.toString();
	}

}
