package io.kvpurge.store.jdbc;

import java.util.regex.Pattern;

/**
 * A JDBC URL. Its text for people has no user info, and no parameter that may be secret.
 *
 * @param text the URL as given
 */
record JdbcUrl(String text) {

	private static final Pattern USER_INFO = Pattern.compile("(jdbc:[^\\s:/]*:(?:[^\\s:/]*:)?(?://)?|//)[^\\s?;]*@");

	private static final Pattern SECRET = Pattern
		.compile("(?i)([?&;][^=?&;]*(?:password|secret|token|cipher)[^=?&;]*=)[^&;]*");

	/** The name of the product: what stands behind {@code jdbc:}. */
	String product() {
		String[] parts = this.text.split(":", 3);
		return (parts.length == 3 && parts[0].equals("jdbc")) ? parts[1] : "";
	}

	/** A message in which the URL may stand, without secrets. */
	String redact(String message) {
		return SECRET.matcher(USER_INFO.matcher(message).replaceAll("$1***@")).replaceAll("$1***");
	}

	@Override
	public String toString() {
		return redact(this.text);
	}

}
