package io.kvpurge.definition;

import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The store of a command line: one of the settings, or a Cloudflare namespace with the
 * account and the token of the environment.
 */
record AdHocStore(Settings settings, UnaryOperator<@Nullable String> environment) {

	private static final String CLOUDFLARE = "cloudflare";

	private static final List<String> CLOUDFLARE_VARIABLES = List.of("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN");

	/**
	 * The store of this name.
	 * @param store {@code TYPE:NAME}
	 * @throws DefinitionException if there is none
	 */
	StoreDefinition named(String store) {
		int colon = store.indexOf(':');
		String name = store.substring(colon + 1);
		if (colon < 1 || name.isEmpty()) {
			throw problem("--store " + store + ": expected TYPE:NAME, such as jdbc:assets");
		}
		String type = store.substring(0, colon);
		StoreDefinition found = this.settings.stores().get(name);
		if (found != null && found.type().equals(type)) {
			return found;
		}
		if (type.equals(CLOUDFLARE)) {
			return namespace(name);
		}
		throw problem("--store " + store + ": the configuration has no such store"
				+ (this.settings.stores().isEmpty() ? "; describe it under 'stores' in kvpurge.yaml"
						: "; it has " + Problems.listed(this.settings.stores()
							.entrySet()
							.stream()
							.map((entry) -> entry.getValue().type() + ":" + entry.getKey())
							.toList())));
	}

	private StoreDefinition namespace(String title) {
		List<String> unset = CLOUDFLARE_VARIABLES.stream().filter((name) -> !isSet(name)).toList();
		if (!unset.isEmpty()) {
			throw problem("--store " + CLOUDFLARE + ":" + title + ": the configuration has no such store; set "
					+ String.join(" and ", unset)
					+ " in the environment, or describe it under 'stores' in kvpurge.yaml");
		}
		Problems problems = new Problems("--store " + CLOUDFLARE + ":" + title);
		YamlSection section = YamlDocument.parse("type: " + CLOUDFLARE
				+ "\naccount-id: ${CLOUDFLARE_ACCOUNT_ID}\napi-token: ${CLOUDFLARE_API_TOKEN}\nnamespace: "
				+ QuotedText.of(title) + "\n", problems);
		if (title.contains("${")) {
			problems.add(0, "a title with ${ in it cannot be told from a variable: give namespace-id in a definition");
		}
		StoreDefinition store = new StoreSection(problems).read(section);
		problems.throwIfAny();
		if (store == null) {
			throw new IllegalStateException("a problem was not reported");
		}
		return store;
	}

	private boolean isSet(String name) {
		String value = this.environment.apply(name);
		return value != null && !value.isEmpty();
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

}
