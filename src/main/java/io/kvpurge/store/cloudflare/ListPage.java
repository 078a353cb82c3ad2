package io.kvpurge.store.cloudflare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import io.kvpurge.store.Key;
import io.kvpurge.store.KeyEntry;
import io.kvpurge.store.Metadata;

/**
 * A page of a listing as the service gives it, read in one pass.
 *
 * @param entries its entries
 * @param cursor where the next page begins, empty at the end
 */
record ListPage(List<KeyEntry> entries, String cursor) {

	/** The page in a body, null if there is no whole one that claims success. */
	static @Nullable ListPage parse(byte[] body) {
		try (JsonParser parser = Json.parser(body)) {
			return new Reading(parser).page();
		}
		catch (JacksonException | IllegalArgumentException ex) {
			return null;
		}
	}

	private static final class Reading {

		private final JsonParser parser;

		private @Nullable List<KeyEntry> entries;

		private String cursor = "";

		private boolean success;

		Reading(JsonParser parser) {
			this.parser = parser;
		}

		@Nullable ListPage page() {
			require(this.parser.nextToken() == JsonToken.START_OBJECT);
			while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = this.parser.currentName();
				JsonToken token = this.parser.nextToken();
				switch (name) {
					case "result" -> this.entries = (token == JsonToken.START_ARRAY) ? entries() : skipped();
					case "result_info" -> readInfo(token);
					case "success" -> this.success = token == JsonToken.VALUE_TRUE;
					default -> this.parser.skipChildren();
				}
			}
			boolean whole = this.parser.nextToken() == null;
			return (whole && this.success && this.entries != null) ? new ListPage(this.entries, this.cursor) : null;
		}

		private @Nullable List<KeyEntry> skipped() {
			this.parser.skipChildren();
			return null;
		}

		private List<KeyEntry> entries() {
			List<KeyEntry> all = new ArrayList<>(1000);
			while (this.parser.nextToken() != JsonToken.END_ARRAY) {
				require(this.parser.currentToken() == JsonToken.START_OBJECT);
				all.add(entry());
			}
			return all;
		}

		/** All of it is of this entry: nothing is kept from the one before. */
		private KeyEntry entry() {
			Key key = null;
			Metadata metadata = Metadata.ABSENT;
			Instant expiration = null;
			while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = this.parser.currentName();
				JsonToken token = this.parser.nextToken();
				switch (name) {
					case "name" -> {
						require(token == JsonToken.VALUE_STRING);
						key = Key.of(this.parser.getString());
					}
					case "metadata" -> metadata = (token == JsonToken.VALUE_NULL) ? Metadata.ABSENT
							: Metadata.of(Json.value(this.parser, false));
					case "expiration" -> expiration = Json.expiration(Json.value(this.parser, false));
					default -> this.parser.skipChildren();
				}
			}
			if (key == null) {
				throw new IllegalArgumentException("an entry without a name");
			}
			return new KeyEntry(key, metadata, expiration, null);
		}

		private void readInfo(JsonToken token) {
			if (token == JsonToken.VALUE_NULL) {
				return;
			}
			require(token == JsonToken.START_OBJECT);
			while (this.parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = this.parser.currentName();
				JsonToken value = this.parser.nextToken();
				if (name.equals("cursor") && value != JsonToken.VALUE_NULL) {
					require(value == JsonToken.VALUE_STRING);
					this.cursor = this.parser.getString();
				}
				else {
					this.parser.skipChildren();
				}
			}
		}

		private static void require(boolean holds) {
			if (!holds) {
				throw new IllegalArgumentException("no page of a listing");
			}
		}

	}

}
