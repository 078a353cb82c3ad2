package io.kvpurge.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says whose backup a folder holds: two ledgers may number their runs alike.
 *
 * @param run the run's name
 * @param store which store the entries are from
 * @param startedAt when the run was first launched
 */
public record BackupLabel(String run, String store, Instant startedAt) {

	private static final String FILE = "backup.json";

	private static final JsonMapper JSON = JsonMapper.shared();

	/** The label of a folder, null if it has none. */
	static @Nullable BackupLabel of(Path folder) throws IOException {
		try {
			JsonNode json = JSON.readTree(Files.readString(folder.resolve(FILE)));
			return new BackupLabel(json.required("run").stringValue(), json.required("store").stringValue(),
					Instant.parse(json.required("startedAt").stringValue()));
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		catch (JacksonException | IllegalArgumentException | java.time.DateTimeException ex) {
			throw new IOException(folder.resolve(FILE) + " cannot be read: " + ex.getMessage(), ex);
		}
	}

	void write(Path folder) throws IOException {
		String text = JSON.createObjectNode()
			.put("run", this.run)
			.put("store", this.store)
			.put("startedAt", this.startedAt.toString())
			.toString();
		Path temporary = folder.resolve(FILE + ".tmp");
		Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
		Files.move(temporary, folder.resolve(FILE), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
		Segment.force(folder);
	}

}
