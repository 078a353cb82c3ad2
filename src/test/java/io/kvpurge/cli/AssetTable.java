package io.kvpurge.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A table in an H2 database of its own, and a definition for it: of a hundred assets
 * {@code a/000} to {@code a/099} whose size is their number, 10 are too small to match
 * and 9 are held, so that 81 go; ten assets {@code b/0} to {@code b/9} are not asked for.
 */
final class AssetTable {

	static final String WHERE = "where: \"metadata.size >= 10\"";

	private final Path folder;

	AssetTable(Path folder) {
		this.folder = folder;
	}

	/** Makes and fills it. */
	AssetTable filled() {
		execute("""
				create table "assets" ("key" varchar(200) primary key, "size" int, "type" varchar(10))""", """
				insert into "assets" select 'a/' || lpad(x, 3, '0'), x, case mod(x, 10) when 0 then 'md' else 'js' end
				from system_range(0, 99)""",
				"insert into \"assets\" select 'b/' || x, 50, 'js' from system_range(0, 9)");
		return this;
	}

	/** As it was when it was filled. */
	AssetTable refilled() {
		execute("drop table \"assets\"");
		return filled();
	}

	String url() {
		return "jdbc:h2:file:" + this.folder.resolve("store");
	}

	boolean exists() {
		return Files.exists(this.folder.resolve("store.mv.db"));
	}

	/** The section that describes it. */
	String section() {
		return "{type: jdbc, url: \"" + url() + "\", table: assets, key: key, columns: [size, type]}";
	}

	/** The text of the definition. */
	String text() {
		return "version: 1\nname: assets\nstore: " + section() + "\nselect:\n  prefixes: [\"a/\"]\n  " + WHERE
				+ "\nkeep: \"metadata.field('type') == 'md'\"\npartitions: 2\nlimits: {max-fraction: 1}\n";
	}

	/** The definition as a file. */
	Path definition() {
		return write("assets.yaml", text());
	}

	/** The definition with a piece of its text replaced, as a file. */
	Path definition(String piece, String replacement) {
		if (!text().contains(piece)) {
			throw new IllegalArgumentException("the definition has no " + piece);
		}
		return write("assets.yaml", text().replace(piece, replacement));
	}

	Path write(String name, String text) {
		try {
			return Files.writeString(this.folder.resolve(name), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The keys that are there, sorted. */
	List<String> keys() {
		List<String> keys = new ArrayList<>();
		try (Connection connection = DriverManager.getConnection(url());
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select \"key\" from \"assets\" order by 1")) {
			while (rows.next()) {
				keys.add(rows.getString(1));
			}
			return keys;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void execute(String... statements) {
		executeIn(url(), "", statements);
	}

	static void executeIn(String url, String user, String... statements) {
		try (Connection connection = DriverManager.getConnection(url, user, "");
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
