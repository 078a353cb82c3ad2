package io.kvpurge.definition;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.kvpurge.given.KeyFile;

/**
 * A definition made of a command line's flags. All of them must hold for an entry to go.
 *
 * @param text the definition's YAML
 * @param definition the same, read
 */
public record AdHocDefinition(String text, PurgeDefinition definition) {

	/** What the names of all of them begin with. */
	public static final String PREFIX = "adhoc-";

	private static final int NAME_DIGITS = 12;

	/**
	 * Begins one.
	 * @param store the store, as {@code TYPE:NAME} of the settings, or
	 * {@code cloudflare:TITLE}
	 * @param environment gives the value of a variable, null if it is not set
	 * @throws DefinitionException if there is no such store
	 */
	public static Builder builder(Settings settings, String store, UnaryOperator<@Nullable String> environment) {
		return new Builder(new AdHocStore(settings, environment).named(store));
	}

	static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

	/** Takes the flags. */
	public static final class Builder {

		private final StoreDefinition store;

		private final List<String> prefixes = new ArrayList<>();

		private final AdHocRule rule = new AdHocRule();

		private boolean allKeys;

		private @Nullable String splitBy;

		private @Nullable String requests;

		private @Nullable Integer keysPerSecond;

		private @Nullable Long maxDeletes;

		private @Nullable List<String> keys;

		private @Nullable KeyFile keysFile;

		private @Nullable Double maxFraction;

		private boolean recheck;

		private boolean backup;

		private Builder(StoreDefinition store) {
			this.store = store;
		}

		/** Keys that begin with this, or with another prefix that is given. */
		public Builder prefix(String prefix) {
			if (prefix.isEmpty()) {
				throw problem("--prefix is empty; for keys of any name, write --all-keys");
			}
			this.prefixes.add(prefix);
			return this;
		}

		/** Keys of any name. */
		public Builder allKeys() {
			this.allKeys = true;
			return this;
		}

		/** Each of these characters after each prefix is a range; null for one range. */
		public Builder splitBy(@Nullable String characters) {
			String problem = (characters != null) ? SplitCharacters.problem(characters, 1) : null;
			if (problem != null) {
				throw problem("--split-by " + problem);
			}
			this.splitBy = characters;
			return this;
		}

		/** How many keys may be deleted, null for any number. */
		public Builder maxDeletes(@Nullable Long keys) {
			if (keys != null && (keys < 1 || keys > LimitsSection.MOST_DELETES)) {
				throw problem("--max-deletes is " + keys + ": expected a whole number from 1 to "
						+ LimitsSection.MOST_DELETES);
			}
			this.maxDeletes = keys;
			return this;
		}

		/** How large a part of what is listed may match, null for what is usual. */
		public Builder maxFraction(@Nullable Double part) {
			if (part != null && !(part > 0 && part <= 1)) {
				throw problem("--max-fraction is " + part + ": expected a number above 0 and up to 1");
			}
			this.maxFraction = part;
			return this;
		}

		/** How many requests the store is sent, null for as many as it takes. */
		public Builder requests(@Nullable String rate) {
			if (rate != null && LimitsSection.rate(rate) == null) {
				throw problem("--requests is '" + rate + "': " + LimitsSection.EXPECTED);
			}
			this.requests = rate;
			return this;
		}

		/** How many keys are deleted in a second, null for as many as the store takes. */
		public Builder keysPerSecond(@Nullable Integer keys) {
			if (keys != null && (keys < 1 || keys > LimitsSection.MOST_KEYS)) {
				throw problem("--keys-per-second is " + keys + ": expected a whole number from 1 to "
						+ LimitsSection.MOST_KEYS);
			}
			this.keysPerSecond = keys;
			return this;
		}

		/** Whether metadata is read again before each delete. */
		public Builder recheck(boolean again) {
			this.recheck = again;
			return this;
		}

		/** Whether entries are saved before each delete. */
		public Builder backup(boolean save) {
			this.backup = save;
			return this;
		}

		/**
		 * Entries for which this rule holds; null, and the rule that all do, add nothing.
		 */
		public Builder where(@Nullable String rule) {
			if (rule != null) {
				this.rule.where(rule);
			}
			return this;
		}

		/** Entries that have this tag in the comma list of a metadata field. */
		public Builder tag(@Nullable String field, @Nullable String value) {
			if ((field == null) != (value == null)) {
				throw problem("--tag-field and --tag-value belong together: one of them is missing");
			}
			if (field != null && value != null) {
				this.rule.tag(field, value);
			}
			return this;
		}

		/** Entries with this text somewhere in their metadata. */
		public Builder search(@Nullable String text) {
			if (text != null) {
				this.rule.search(text);
			}
			return this;
		}

		/** Keys that match this RE2 pattern as a whole. */
		public Builder pattern(@Nullable String pattern) {
			if (pattern != null) {
				this.rule.pattern(pattern);
			}
			return this;
		}

		/** These keys only. */
		public Builder keys(List<String> keys) {
			if (keys.isEmpty() || keys.contains("")) {
				throw problem("the list of keys is empty, or has an empty key in it");
			}
			if (keys.size() > SelectSection.MOST_KEYS) {
				throw problem(keys.size() + " keys are given, more than " + SelectSection.MOST_KEYS
						+ ": write them into a file, for --keys-file");
			}
			this.keys = keys.stream().sorted().distinct().toList();
			return this;
		}

		/** The keys only that this file names. */
		public Builder keysFile(KeyFile file) {
			this.keysFile = file;
			return this;
		}

		/**
		 * The definition.
		 * @throws DefinitionException if the flags do not say which keys go
		 */
		public AdHocDefinition build() {
			if (this.allKeys && !this.prefixes.isEmpty()) {
				throw problem("give either --prefix or --all-keys, not both");
			}
			if (this.keys != null && this.keysFile != null) {
				throw problem("give either --keys or --keys-file, not both");
			}
			boolean named = this.keys != null || this.keysFile != null;
			if (named && (this.allKeys || this.splitBy != null)) {
				throw problem("--keys and --keys-file name the keys: leave out "
						+ (this.allKeys ? "--all-keys" : "--split-by"));
			}
			if (!named && !this.allKeys && this.prefixes.isEmpty()) {
				throw problem("which keys? give --prefix, --keys, --keys-file or --all-keys");
			}
			String overlap = PrefixTemplates.overlap(this.prefixes);
			if (overlap != null) {
				throw problem("--prefix: " + overlap);
			}
			String body = "store:\n" + this.store.yaml() + "select:\n" + selected()
					+ ((this.splitBy != null) ? "  split-by: " + QuotedText.of(this.splitBy) + "\n" : "") + "  where: "
					+ QuotedText.of(this.rule.text()) + "\n" + limits() + (this.recheck ? "recheck: true\n" : "")
					+ (this.backup ? "backup: true\n" : "");
			// The same flags are the same definition: launched again, it carries on.
			String text = "version: 1\nname: " + PREFIX
					+ read("version: 1\nname: adhoc\n" + body).digestWithKeys().substring(0, NAME_DIGITS) + "\n" + body;
			return new AdHocDefinition(text, read(text));
		}

		private PurgeDefinition read(String text) {
			PurgeDefinition definition = new DefinitionReader().read(text, "command line");
			return (this.keysFile != null) ? definition.withKeys(this.keysFile) : definition;
		}

		private String selected() {
			List<String> templates = this.prefixes.stream().map(PrefixTemplates::escaped).toList();
			String selected = (this.allKeys || !templates.isEmpty())
					? "  prefixes: " + QuotedText.of(this.allKeys ? List.of("") : templates) + "\n" : "";
			if (this.keys != null) {
				return selected + "  keys: " + QuotedText.of(this.keys) + "\n";
			}
			return (this.keysFile == null) ? selected : selected + "  keys-file: {path: "
					+ QuotedText.of(this.keysFile.name()) + ", format: " + this.keysFile.format() + "}\n";
		}

		private String limits() {
			String limits = ((this.requests != null) ? "  requests: " + QuotedText.of(this.requests) + "\n" : "")
					+ ((this.keysPerSecond != null) ? "  keys-per-second: " + this.keysPerSecond + "\n" : "")
					+ ((this.maxDeletes != null) ? "  max-deletes: " + this.maxDeletes + "\n" : "")
					+ ((this.maxFraction != null)
							? "  max-fraction: " + new BigDecimal(this.maxFraction.toString()).toPlainString() + "\n"
							: "");
			return limits.isEmpty() ? "" : "limits:\n" + limits;
		}

	}

}
