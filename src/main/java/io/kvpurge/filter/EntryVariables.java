package io.kvpurge.filter;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.google.protobuf.NullValue;
import dev.cel.runtime.CelVariableResolver;
import org.jspecify.annotations.Nullable;

import io.kvpurge.store.KeyEntry;

/**
 * What a rule may ask of an entry; it is looked up only if it is asked for. For one
 * thread.
 */
final class EntryVariables implements CelVariableResolver {

	private final KeyEntry entry;

	private final Map<String, Object> fixed;

	private final @Nullable Set<String> named;

	private @Nullable Object metadata;

	/**
	 * @param fixed {@code asOf}, and the parameters as {@code params.NAME}
	 * @param named the outermost metadata fields that rules name, null for all
	 */
	EntryVariables(KeyEntry entry, Map<String, Object> fixed, @Nullable Set<String> named) {
		this.entry = entry;
		this.fixed = fixed;
		this.named = named;
	}

	@Override
	public Optional<Object> find(String name) {
		return switch (name) {
			case "key" -> Optional.of(key());
			case "metadata" -> Optional.of(metadata());
			case "expiration" -> Optional.of(orNull(this.entry.expiration()));
			default -> Optional.ofNullable(this.fixed.get(name));
		};
	}

	private String key() {
		if (!this.entry.key().isText()) {
			throw new UndecidableException("the key is no UTF-8 text");
		}
		return this.entry.key().text();
	}

	/** Looked at once for each entry, however often the rule names it. */
	private Object metadata() {
		Object known = this.metadata;
		if (known == null) {
			known = this.entry.metadata().isPresent() ? MetadataValues.of(this.entry.metadata().value(), this.named)
					: Map.of();
			this.metadata = known;
		}
		return known;
	}

	private static Object orNull(@Nullable Instant instant) {
		return (instant != null) ? instant : NullValue.NULL_VALUE;
	}

}
