package io.kvpurge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.kvpurge.definition.AdHocDefinition;
import io.kvpurge.definition.BoundDefinition;
import io.kvpurge.definition.DefinitionException;
import io.kvpurge.definition.DefinitionReader;
import io.kvpurge.definition.PurgeDefinition;
import io.kvpurge.definition.Settings;
import io.kvpurge.definition.TextFile;
import io.kvpurge.given.KeyFile;
import io.kvpurge.given.KeyFileFormat;

/** The options that say what to purge: a definition's file, or flags in place of it. */
final class DefinitionOptions {

	@Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "The definition.")
	@Nullable Path file;

	@Mixin
	private ParameterOptions parameters = new ParameterOptions();

	@Option(names = "--store", paramLabel = "TYPE:NAME",
			description = "In place of FILE: a store of the configuration, or cloudflare:TITLE.")
	@Nullable String store;

	@Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin with it; repeatable.")
	List<String> prefixes = List.of();

	@Option(names = "--all-keys", description = "Keys of any name.")
	boolean allKeys;

	@Option(names = "--where", paramLabel = "RULE", description = "Only entries for which this rule holds.")
	@Nullable String where;

	@Option(names = "--tag-field", paramLabel = "FIELD", description = "A metadata field with tags ...")
	@Nullable String tagField;

	@Option(names = "--tag-value", paramLabel = "TAG", description = "... of which one must be this.")
	@Nullable String tagValue;

	@Option(names = "--search", paramLabel = "TEXT",
			description = "Only entries with this text somewhere in their metadata.")
	@Nullable String search;

	@Option(names = "--pattern", paramLabel = "RE2", description = "Only keys that match it as a whole.")
	@Nullable String pattern;

	@Option(names = "--keys", paramLabel = "KEY", arity = "1..*", description = "Only these keys.")
	List<String> keys = List.of();

	@Option(names = "--keys-file", paramLabel = "FILE",
			description = "Only the keys in this file; - reads standard input.")
	@Nullable String keysFile;

	@Option(names = "--keys-format", paramLabel = "FORMAT",
			description = "How that file names keys: text (one a line), jsonl or nul.")
	@Nullable String keysFormat;

	@Option(names = "--split-by", paramLabel = "CHARS",
			description = "Each of these characters after each prefix is a range; no other key is looked at.")
	@Nullable String splitBy;

	@Option(names = "--requests", paramLabel = "RATE",
			description = "How many requests the store is sent, such as '960 per 5m'.")
	@Nullable String requests;

	@Option(names = "--keys-per-second", paramLabel = "N", description = "Delete no more keys than that in a second.")
	@Nullable Integer keysPerSecond;

	@Option(names = "--max-deletes", paramLabel = "N", description = "Delete no more than so many keys.")
	@Nullable Long maxDeletes;

	@Option(names = "--max-fraction", paramLabel = "PART",
			description = "Delete nothing if a larger part of what is listed matches; 1 for all of it.")
	@Nullable Double maxFraction;

	@Option(names = "--recheck", description = "Read metadata again right before each delete.")
	boolean recheck;

	@Option(names = "--backup", description = "Save entries before each delete.")
	boolean backup;

	@Option(names = "--save", paramLabel = "FILE", description = "Write the flags down as a definition.")
	@Nullable Path save;

	/**
	 * The definition with its parameters.
	 * @param environment gives the value of a variable, null if it is not set
	 * @throws DefinitionException if it cannot be used
	 */
	BoundDefinition bound(Settings settings, UnaryOperator<@Nullable String> environment, InputStream in) {
		return definition(settings, environment, in).bind(this.parameters.values(in));
	}

	private PurgeDefinition definition(Settings settings, UnaryOperator<@Nullable String> environment, InputStream in) {
		if (this.file != null) {
			if (this.save != null || isAdHoc()) {
				throw problem("give either FILE or --store with --prefix, --where and so on, not both");
			}
			return read(this.file, in);
		}
		if (this.store == null) {
			throw problem("what to purge is missing: give FILE, or --store with --prefix, --where and so on");
		}
		AdHocDefinition adHoc = adHoc(AdHocDefinition.builder(settings, this.store, environment), in);
		if (this.save != null) {
			save(adHoc.text(), this.save);
		}
		return adHoc.definition();
	}

	private boolean isAdHoc() {
		return this.store != null || this.allKeys || this.recheck || this.backup || !this.prefixes.isEmpty()
				|| !this.keys.isEmpty()
				|| Stream
					.of(this.where, this.tagField, this.tagValue, this.search, this.pattern, this.keysFile,
							this.keysFormat, this.splitBy, this.requests, this.keysPerSecond, this.maxDeletes,
							this.maxFraction)
					.anyMatch(Objects::nonNull);
	}

	private AdHocDefinition adHoc(AdHocDefinition.Builder flags, InputStream in) {
		this.prefixes.forEach(flags::prefix);
		if (this.allKeys) {
			flags.allKeys();
		}
		flags.where(this.where).tag(this.tagField, this.tagValue).search(this.search).pattern(this.pattern);
		flags.splitBy(this.splitBy)
			.requests(this.requests)
			.keysPerSecond(this.keysPerSecond)
			.maxDeletes(this.maxDeletes)
			.maxFraction(this.maxFraction)
			.recheck(this.recheck);
		flags.backup(this.backup);
		if (!this.keys.isEmpty()) {
			flags.keys(this.keys);
		}
		if (this.keysFile != null) {
			flags.keysFile(keysFile(this.keysFile, in));
		}
		else if (this.keysFormat != null) {
			throw problem("--keys-format is that of --keys-file, which is missing");
		}
		return flags.build();
	}

	private static PurgeDefinition read(Path file, InputStream in) {
		PurgeDefinition definition = new DefinitionReader().read(file);
		return (definition.keys() instanceof KeyFile keys) ? definition.withKeys(located(keys, in)) : definition;
	}

	/** By its whole path: a run may be carried on from another folder. */
	private KeyFile keysFile(String name, InputStream in) {
		boolean standardInput = name.equals(KeyFile.STANDARD_INPUT);
		if (standardInput && this.save != null) {
			throw problem("--save cannot write down what comes from standard input: give --keys-file a file");
		}
		String path = standardInput ? name : Path.of(name).toAbsolutePath().toString();
		return located(KeyFile.of(path, keysFormat(), null), in);
	}

	private @Nullable KeyFileFormat keysFormat() {
		if (this.keysFormat == null) {
			return null;
		}
		KeyFileFormat format = KeyFileFormat.of(this.keysFormat);
		if (format == null) {
			throw problem("--keys-format is '" + this.keysFormat + "': expected text, jsonl or nul");
		}
		return format;
	}

	/** What comes from standard input is read more than once. */
	private static KeyFile located(KeyFile keys, InputStream in) {
		if (!keys.isStandardInput()) {
			return keys;
		}
		try {
			Path kept = Files.createTempFile("kvpurge-", ".keys");
			kept.toFile().deleteOnExit();
			Files.copy(in, kept, StandardCopyOption.REPLACE_EXISTING);
			return keys.at(kept);
		}
		catch (IOException ex) {
			throw problem("standard input cannot be kept: " + ex.getMessage());
		}
	}

	/** Writes a new file; one that is there is somebody's, unless it says the same. */
	private static void save(String text, Path target) {
		try {
			if (!Files.exists(target)) {
				Files.writeString(target, text, StandardOpenOption.CREATE_NEW);
			}
			else if (!TextFile.read(target).equals(text)) {
				throw problem(target + ": is there already and says something else; --save does not replace it");
			}
		}
		catch (NoSuchFileException ex) {
			throw problem(target + ": cannot be written: there is no such folder");
		}
		catch (IOException ex) {
			throw problem(target + ": cannot be written: " + ex.getMessage());
		}
	}

	private static DefinitionException problem(String line) {
		return new DefinitionException(List.of(line));
	}

}
