package io.kvpurge.store.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param username the ACL user, null for the default one
 * @param password the password, null for none
 */
record Credentials(@Nullable String username, @Nullable String password) {

	/** Adds them to the way to a server, if there is a password. */
	void addTo(RedisURI uri) {
		if (this.password != null) {
			uri.setCredentialsProvider(
					new StaticCredentialsProvider(RedisCredentials.just(this.username, this.password.toCharArray())));
		}
	}

	/** Passwords are nobody's business. */
	@Override
	public String toString() {
		return "Credentials[" + this.username + "]";
	}

}
