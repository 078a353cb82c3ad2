package io.kvpurge.store.cloudflare;

import java.io.IOException;

import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.core5.http.HttpEntity;

import io.kvpurge.store.Key;
import io.kvpurge.store.StoreException;

/** The calls that concern one namespace. Safe for use by several threads. */
final class NamespaceCalls {

	/** A value has 25 MiB at most, and so have all that one bulk read answers. */
	static final int LONGEST_VALUE = 25 * 1024 * 1024;

	private final ApiClient client;

	private final String url;

	private final Namespace namespace;

	NamespaceCalls(ApiClient client, String url, Namespace namespace) {
		this.client = client;
		this.url = url;
		this.namespace = namespace;
	}

	/** The beginning of a message: what could not be done. */
	String cannot(String what) {
		return "cannot " + what + " " + this.namespace;
	}

	Answer list(String query) throws IOException {
		return this.client.get(this.url + "/keys?" + query);
	}

	Answer bulkDelete(byte[] json) throws IOException {
		return this.client.send(new HttpPost(this.url + "/bulk/delete"), json, 0);
	}

	Answer bulkGet(byte[] json) throws IOException {
		return this.client.send(new HttpPost(this.url + "/bulk/get"), json, LONGEST_VALUE);
	}

	Answer bulkPut(byte[] json) throws IOException {
		return this.client.send(new HttpPut(this.url + "/bulk"), json, 0);
	}

	/** The metadata of a key, as result. */
	Answer metadata(Key key) throws IOException {
		return this.client.get(this.url + "/metadata/" + name(key));
	}

	/** The value of a key, as body. */
	Answer value(Key key) throws IOException {
		return this.client.get(this.url + "/values/" + name(key), LONGEST_VALUE);
	}

	/** As {@link #value}, but with no body if there is a value. */
	Answer valueHeaders(Key key) throws IOException {
		return this.client.head(this.url + "/values/" + name(key));
	}

	/** The answer to a PUT of one value. */
	Answer putValue(Key key, String query, HttpEntity body, long length) throws IOException {
		HttpPut request = new HttpPut(this.url + "/values/" + name(key) + query);
		request.setEntity(body);
		return this.client.call(request, length);
	}

	private String name(Key key) {
		String encoded = AccountAddress.encoded(key.text());
		if (!this.namespace.decodesUrls() && !encoded.equals(key.text())) {
			throw new StoreException("key '" + key + "' cannot be asked for alone: old namespaces such as "
					+ this.namespace + " do not decode the names in a URL");
		}
		return encoded;
	}

	/**
	 * The envelope of an answer that claims success.
	 * @throws StoreException if it does not
	 */
	static Envelope successful(String what, Answer answer) {
		return successful(what, answer, false);
	}

	/** As the other, with decimals that are exact. */
	static Envelope successful(String what, Answer answer, boolean exact) {
		Envelope envelope = Envelope.parse(answer.body(), exact);
		if (!answer.isOk() || envelope == null || !envelope.success()) {
			throw CloudflareFailures.judge(what, answer, envelope).exception();
		}
		return envelope;
	}

	/**
	 * Whether the answer is that there is no such key, and not that something else is
	 * not.
	 */
	static boolean isKeyMissing(Answer answer) {
		Envelope envelope = (answer.status() == 404) ? Envelope.parse(answer.body()) : null;
		return envelope != null && !envelope.errors().isEmpty()
				&& envelope.errors().stream().allMatch((error) -> error.code() == CloudflareFailures.KEY_NOT_FOUND);
	}

	/** What came of a call, or why nothing came of it. */
	static Answer answer(String what, Call call) {
		try {
			return call.make();
		}
		catch (IOException ex) {
			throw CloudflareFailures.judge(what, ex).exception();
		}
	}

	/** A call that may fail on its way. */
	@FunctionalInterface
	interface Call {

		Answer make() throws IOException;

	}

}
