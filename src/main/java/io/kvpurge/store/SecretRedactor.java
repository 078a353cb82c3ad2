package io.kvpurge.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of what leaves a store: as they are, URL-encoded, and in base64, also
 * in that of a longer text such as a header.
 */
public final class SecretRedactor {

	private static final String MASK = "***";

	/** In bytes; the base64 of less may stand in any text by chance. */
	private static final int LONG = 8;

	private final List<String> secrets = new ArrayList<>();

	/**
	 * @param secrets the secrets; empty ones are passed over
	 */
	public SecretRedactor(Collection<String> secrets) {
		for (String secret : secrets) {
			if (!secret.isEmpty()) {
				byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
				String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
				this.secrets.addAll(List.of(secret, encoded, encoded.replace("+", "%20"),
						Base64.getEncoder().encodeToString(bytes), Base64.getUrlEncoder().encodeToString(bytes)));
				if (bytes.length >= LONG) {
					addWithin(bytes, Base64.getEncoder());
					addWithin(bytes, Base64.getUrlEncoder());
				}
			}
		}
		// A secret may stand within another.
		this.secrets.sort(Comparator.comparingInt(String::length).reversed());
	}

	/**
	 * How the base64 of a longer text spells a secret, by how many bytes before it begin
	 * a group of three. A character that it shares with its neighbours is left out.
	 */
	private void addWithin(byte[] secret, Base64.Encoder encoder) {
		for (int before = 0; before < 3; before++) {
			byte[] bytes = new byte[before + secret.length];
			System.arraycopy(secret, 0, bytes, before, secret.length);
			int first = (before * 8 + 5) / 6;
			this.secrets.add(encoder.encodeToString(bytes).substring(first, bytes.length * 8 / 6));
		}
	}

	/** The text without secrets. */
	public String redact(String text) {
		String redacted = text;
		for (String secret : this.secrets) {
			redacted = redacted.replace(secret, MASK);
		}
		return redacted;
	}

	/**
	 * The failure itself, or where a message of it or of its causes has a secret, one of
	 * the same meaning with neither secret nor cause.
	 */
	public StoreException redact(StoreException failure) {
		for (Throwable link = failure; link != null; link = link.getCause()) {
			String message = String.valueOf(link.getMessage());
			if (!redact(message).equals(message)) {
				return withoutCause(failure, redact(String.valueOf(failure.getMessage())));
			}
		}
		return failure;
	}

	/** As {@link #redact(StoreException)}, null for none. */
	@Nullable StoreException redactNullable(@Nullable StoreException failure) {
		return (failure != null) ? redact(failure) : null;
	}

	private static StoreException withoutCause(StoreException failure, String message) {
		if (failure instanceof UnsuccessfulKeysException) {
			return new UnsuccessfulKeysException(message);
		}
		if (failure instanceof TransientStoreException passing) {
			return new TransientStoreException(message, null, passing.retryAfter());
		}
		if (failure instanceof CursorRefusedException) {
			return new CursorRefusedException(message);
		}
		if (failure instanceof BatchTooLargeException) {
			return new BatchTooLargeException(message);
		}
		if (failure instanceof QuotaExhaustedException) {
			return new QuotaExhaustedException(message);
		}
		return (failure instanceof InvalidStoreException) ? new InvalidStoreException(message)
				: new StoreException(message);
	}

}
