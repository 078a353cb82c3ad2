package io.kvpurge.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.kvpurge.testkit.PostgresqlServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs commands as a person or a scheduler would, in this process. */
final class CommandLineTester {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String DATABASE = "KVPURGE_DATABASE_URL";

	private final Path home;

	private final Map<String, String> environment = new HashMap<>();

	private boolean interactive;

	private String input = "";

	CommandLineTester(Path home) {
		this.home = home;
	}

	Path home() {
		return this.home;
	}

	/** The file of a definition's ledger, without its suffix. */
	Path ledger(String definition) {
		return this.home.resolve("definitions").resolve(definition).resolve("ledger");
	}

	/** The ledgers are in a new PostgreSQL database. */
	CommandLineTester sharing() {
		return set(DATABASE, PostgresqlServer.newLedgerUrl());
	}

	/** Where the ledgers are, as messages say it. */
	String location() {
		String database = this.environment.get(DATABASE);
		return (database != null) ? database.replaceFirst("[?].*", "") : this.home.toString();
	}

	/** Sets a variable of the environment. */
	CommandLineTester set(String variable, String value) {
		this.environment.put(variable, value);
		return this;
	}

	/** A person sits at the terminal and types this. */
	CommandLineTester typing(String text) {
		this.interactive = true;
		this.input = text;
		return this;
	}

	/** This comes from standard input, which is no terminal. */
	CommandLineTester piping(String text) {
		this.interactive = false;
		this.input = text;
		return this;
	}

	/** Runs a command with this home. */
	Result run(Object... args) {
		List<Object> all = new ArrayList<>(List.of(args));
		all.add("--home");
		all.add(this.home);
		return runBare(all.toArray());
	}

	/** Runs a command with these arguments and no others. */
	Result runBare(Object... args) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		ByteArrayOutputStream err = new ByteArrayOutputStream();
		Terminal terminal = new Terminal(new ByteArrayInputStream(this.input.getBytes(StandardCharsets.UTF_8)),
				new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
				this.interactive);
		String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
		int status = new CommandLineRunner(terminal, this.environment::get, Clock.systemUTC()).execute(texts);
		return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
	}

	/**
	 * What a command gave.
	 *
	 * @param status the exit status
	 * @param out standard output
	 * @param err standard error
	 */
	record Result(int status, String out, String err) {

		/**
		 * The lines of standard error that say what is wrong, without what they begin
		 * with.
		 */
		List<String> problems() {
			assertThat(this.err).doesNotContain("\tat ");
			return this.err.lines()
				.filter((line) -> line.startsWith("kvpurge: "))
				.map((line) -> line.substring("kvpurge: ".length()))
				.toList();
		}

		/** The one JSON object on standard output. */
		JsonNode json() {
			assertThat(this.out.lines()).hasSize(1);
			JsonNode json = JSON.readTree(this.out);
			assertThat(json.isObject()).isTrue();
			return json;
		}

		Result exits(int expected) {
			assertThat(this.status).as(this.out + this.err).isEqualTo(expected);
			return this;
		}

	}

}
