package io.kvpurge.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks for a token, or a good part of it, in whatever way it may be written: in texts,
 * in files, and in all that is in the tables of a ledger, unpacked.
 */
final class SecretSearch {

	/** So many characters at either end give a token away. */
	private static final int PART = 20;

	private static final String LEDGER = ".mv.db";

	private final Map<String, String> traces = new LinkedHashMap<>();

	private final List<String> found = new ArrayList<>();

	SecretSearch(String token) {
		trace("as it is", token);
		trace("in JSON", token.replace("/", "\\/"));
		String encoded = URLEncoder.encode(token, StandardCharsets.UTF_8);
		trace("URL-encoded", encoded);
		trace("URL-encoded in small letters", encoded.replaceAll("%2B", "%2b").replaceAll("%2F", "%2f"));
		for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
			trace("in base64", encoder.withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
			// The first characters are those of 'Bearer', which is no secret.
			trace("as header in base64",
					encoder.withoutPadding()
						.encodeToString(("Bearer " + token).getBytes(StandardCharsets.UTF_8))
						.substring(10));
		}
	}

	private void trace(String how, String text) {
		this.traces.putIfAbsent(text.substring(0, PART), how);
		this.traces.putIfAbsent(text.substring(text.length() - PART), how);
	}

	/** Where it was found so far. */
	List<String> found() {
		return List.copyOf(this.found);
	}

	SecretSearch text(String where, String text) {
		this.traces.forEach((trace, how) -> {
			int place = text.indexOf(trace);
			if (place >= 0) {
				this.found.add(where + " has it " + how + ": "
						+ text.substring(Math.max(0, place - 80), place).lines().reduce("", (one, other) -> other)
						+ "<here>");
			}
		});
		return this;
	}

	/** Every file, and in the ledgers every column of every row. */
	SecretSearch folder(Path folder) throws IOException, SQLException {
		List<Path> files;
		try (Stream<Path> all = Files.walk(folder)) {
			files = all.filter(Files::isRegularFile).toList();
		}
		for (Path file : files) {
			text(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
			if (file.toString().endsWith(LEDGER)) {
				String path = file.toString();
				ledger("jdbc:h2:file:" + path.substring(0, path.length() - LEDGER.length()));
			}
		}
		return this;
	}

	private void ledger(String url) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url + ";ACCESS_MODE_DATA=r", "kvpurge", "")) {
			List<String> tables = new ArrayList<>();
			try (ResultSet names = connection.getMetaData()
				.getTables(null, "PUBLIC", null, new String[] { "TABLE", "BASE TABLE" })) {
				while (names.next()) {
					tables.add(names.getString("TABLE_NAME"));
				}
			}
			for (String table : tables) {
				rows(connection, table);
			}
		}
	}

	private void rows(Connection connection, String table) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select * from \"" + table + "\"")) {
			int columns = rows.getMetaData().getColumnCount();
			while (rows.next()) {
				for (int i = 1; i <= columns; i++) {
					String where = (table + "." + rows.getMetaData().getColumnName(i)).toLowerCase(Locale.ROOT);
					if (rows.getMetaData().getColumnTypeName(i).startsWith("BINARY")) {
						byte[] bytes = rows.getBytes(i);
						text(where, (bytes != null) ? new String(unpacked(bytes), StandardCharsets.ISO_8859_1) : "");
					}
					else {
						text(where, String.valueOf(rows.getString(i)));
					}
				}
			}
		}
	}

	/** The bytes themselves if they are not packed. */
	private static byte[] unpacked(byte[] bytes) {
		Inflater inflater = new Inflater();
		try {
			inflater.setInput(bytes);
			byte[] plain = new byte[1_000_000];
			int length = inflater.inflate(plain);
			return (length > 0) ? Arrays.copyOf(plain, length) : bytes;
		}
		catch (DataFormatException ex) {
			return bytes;
		}
		finally {
			inflater.end();
		}
	}

}
