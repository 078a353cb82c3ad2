package io.kvpurge.store.cloudflare;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreException;

/** Finds a namespace of an account. */
final class NamespaceLookup {

	private static final int PAGE = 100;

	private static final int MOST_PAGES = 1_000;

	private static final int MOST_NAMED = 5;

	private final ApiClient client;

	private final AccountAddress account;

	NamespaceLookup(ApiClient client, AccountAddress account) {
		this.client = client;
		this.account = account;
	}

	/**
	 * The namespace of that ID.
	 * @throws InvalidStoreException if there is none
	 */
	Namespace byId(String id) {
		String what = "store: cannot open namespace " + id;
		Envelope envelope = ask(what, this.account.namespace(id));
		Namespace namespace = namespace(envelope.result());
		if (namespace == null || !namespace.id().equals(id)) {
			throw new StoreException(what + ": the answer names another namespace, or none");
		}
		return namespace;
	}

	/**
	 * The namespace of that title.
	 * @throws InvalidStoreException if there is none, or more than one
	 */
	Namespace byTitle(String title) {
		Map<String, Namespace> all = all("store: cannot look for namespace '" + title + "'");
		List<Namespace> hits = all.values().stream().filter((one) -> one.title().equals(title)).toList();
		if (hits.size() == 1) {
			return hits.get(0);
		}
		if (hits.isEmpty()) {
			throw new InvalidStoreException("store: account " + this.account.accountId()
					+ " has no namespace with the title '" + title + "'" + near(title, all));
		}
		throw new InvalidStoreException("store: " + hits.size() + " namespaces have the title '" + title
				+ "'; give the 'namespace-id' of one instead: "
				+ hits.stream().map(Namespace::id).collect(Collectors.joining(", ")));
	}

	private Map<String, Namespace> all(String what) {
		Map<String, Namespace> all = new LinkedHashMap<>();
		for (int page = 1; page <= MOST_PAGES; page++) {
			Envelope envelope = ask(what, this.account.namespaces() + "?page=" + page + "&per_page=" + PAGE);
			if (!(envelope.result() instanceof List<?> items)) {
				throw new StoreException(what + ": the answer is no list of namespaces");
			}
			for (Object item : items) {
				Namespace namespace = namespace(item);
				if (namespace != null) {
					all.put(namespace.id(), namespace);
				}
			}
			boolean last = (envelope.total() >= 0) ? all.size() >= envelope.total() : items.size() < PAGE;
			if (items.isEmpty() || last) {
				break;
			}
		}
		return all;
	}

	private Envelope ask(String what, String url) {
		Answer answer;
		try {
			answer = this.client.get(url);
		}
		catch (IOException ex) {
			throw CloudflareFailures.judge(what, ex).exception();
		}
		Envelope envelope = Envelope.parse(answer.body());
		if (!answer.isOk() || envelope == null || !envelope.success()) {
			throw CloudflareFailures.judge(what, answer, envelope).exception();
		}
		return envelope;
	}

	private static @Nullable Namespace namespace(@Nullable Object result) {
		if (result instanceof Map<?, ?> fields && fields.get("id") instanceof String id && !id.isEmpty()) {
			return new Namespace(id, (fields.get("title") instanceof String title) ? title : "",
					!Boolean.FALSE.equals(fields.get("supports_url_encoding")));
		}
		return null;
	}

	private static String near(String title, Map<String, Namespace> all) {
		if (all.isEmpty()) {
			return ", nor any other that the token may see";
		}
		String named = all.values()
			.stream()
			.map(Namespace::title)
			.distinct()
			.sorted(Comparator.comparingInt((String other) -> distance(title, other)).thenComparing((other) -> other))
			.limit(MOST_NAMED)
			.map((other) -> "'" + other + "'")
			.collect(Collectors.joining(", "));
		return ((all.size() > MOST_NAMED) ? "; the nearest of " + all.size() + ": " : "; there is ") + named;
	}

	/** How many characters have to be changed, added or left out, whatever their case. */
	private static int distance(String one, String other) {
		String left = one.toLowerCase(Locale.ROOT);
		String right = other.toLowerCase(Locale.ROOT);
		int[] row = new int[right.length() + 1];
		for (int j = 0; j < row.length; j++) {
			row[j] = j;
		}
		for (int i = 1; i <= left.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j < row.length; j++) {
				int replaced = diagonal + ((left.charAt(i - 1) == right.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
			}
		}
		return row[right.length()];
	}

}
