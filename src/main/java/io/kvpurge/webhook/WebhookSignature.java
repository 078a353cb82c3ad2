package io.kvpurge.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as the Standard Webhooks specification says: HMAC-SHA256 over id, time and body,
 * so that nobody can make up a message, or send an old one again.
 */
final class WebhookSignature {

	private static final String ALGORITHM = "HmacSHA256";

	/** What a secret in base64 begins with; any other is taken as it is. */
	private static final String ENCODED = "whsec_";

	private final SecretKeySpec key;

	/**
	 * @throws IllegalArgumentException if the secret is none
	 */
	WebhookSignature(String secret) {
		byte[] bytes;
		try {
			bytes = secret.startsWith(ENCODED) ? Base64.getDecoder().decode(secret.substring(ENCODED.length()))
					: secret.getBytes(StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			// Without its cause, which names characters of it.
			throw new IllegalArgumentException("the secret begins with " + ENCODED + ", but no base64 follows");
		}
		if (bytes.length == 0) {
			throw new IllegalArgumentException("the secret is empty");
		}
		this.key = new SecretKeySpec(bytes, ALGORITHM);
	}

	/** The value of the header {@code webhook-signature}. */
	String of(String id, String time, String body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			byte[] signed = (id + "." + time + "." + body).getBytes(StandardCharsets.UTF_8);
			return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("this JDK has no " + ALGORITHM, ex);
		}
	}

}
