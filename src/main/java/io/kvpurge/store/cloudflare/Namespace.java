package io.kvpurge.store.cloudflare;

/**
 * A namespace of an account.
 *
 * @param id its ID
 * @param title its title, which another may have as well
 * @param decodesUrls whether it decodes the names of keys in a URL, which old ones do not
 */
record Namespace(String id, String title, boolean decodesUrls) {

	/** For messages. */
	@Override
	public String toString() {
		return "namespace '" + this.title + "' (" + this.id + ")";
	}

}
