package io.kvpurge.store.cloudflare;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.KeyValueStore;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.StoreOption;
import io.kvpurge.store.StoreOptions;
import io.kvpurge.store.StoreType;

/** {@code type: cloudflare}. */
public final class CloudflareStoreType implements StoreType {

	@Override
	public String name() {
		return "cloudflare";
	}

	@Override
	public List<StoreOption> options() {
		return List.of(StoreOption.required("account-id"),
				new StoreOption("api-token", StoreOption.Kind.TEXT, true, true), StoreOption.optional("namespace"),
				StoreOption.optional("namespace-id"), StoreOption.optional("base-url"));
	}

	/**
	 * Asks the service for the namespace: a token that was revoked or a namespace that is
	 * gone shows here, before anything is touched.
	 */
	@Override
	public KeyValueStore open(StoreOptions options) {
		String title = options.optionalText("namespace");
		String id = options.optionalText("namespace-id");
		if ((title == null) == (id == null)) {
			throw new InvalidStoreException("store: give either 'namespace' (its title) or 'namespace-id', "
					+ ((title == null) ? "one of them" : "not both"));
		}
		AccountAddress account = AccountAddress.of(options.optionalText("base-url"),
				given("account-id", options.text("account-id")));
		ApiClient client = new ApiClient(token(options.text("api-token")), options.requestTimeout());
		try {
			NamespaceLookup lookup = new NamespaceLookup(client, account);
			Namespace namespace = (title != null) ? lookup.byTitle(title) : lookup.byId(given("namespace-id", id));
			return new CloudflareStore(client, account, namespace, options.requestTimeout());
		}
		catch (RuntimeException ex) {
			client.close();
			// What the service refuses before anything was done is for a person to mend.
			throw (ex.getClass() == StoreException.class) ? new InvalidStoreException(String.valueOf(ex.getMessage()))
					: ex;
		}
	}

	private static String given(String option, @Nullable String text) {
		if (text == null || text.isBlank()) {
			throw new InvalidStoreException("store: '" + option + "' is empty");
		}
		return text;
	}

	/** A line break that came with the token from a file would end its header. */
	private static String token(String token) {
		if (token.isEmpty() || !token.chars().allMatch((character) -> character > ' ' && character < 0x7f)) {
			throw new InvalidStoreException(
					"store: 'api-token' is empty, or holds white space or other characters that no token has");
		}
		return token;
	}

}
