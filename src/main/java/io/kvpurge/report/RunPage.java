package io.kvpurge.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;

/** A run as one page of HTML that needs nothing beside it. */
public final class RunPage {

	private static final String TEMPLATE = "run.mustache";

	private final RunDetails details;

	/**
	 * @param details what it shows
	 */
	public RunPage(RunDetails details) {
		this.details = details;
	}

	/**
	 * Writes the page into a file, which has the old content or all of the new one.
	 * @throws IOException if it cannot be written
	 */
	public void write(Path file) throws IOException {
		Path target = file.toAbsolutePath();
		Files.createDirectories(Objects.requireNonNull(target.getParent(), "a file has a folder"));
		Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
		try {
			try (Writer writer = Files.newBufferedWriter(temporary)) {
				write(writer);
			}
			Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	void write(Writer writer) {
		template().execute(new RunPageModel(this.details).values(), writer);
	}

	/** Values are escaped: keys, metadata and reasons are anybody's. */
	private static Template template() {
		try (InputStream source = RunPage.class.getResourceAsStream(TEMPLATE)) {
			return Mustache.compiler()
				.escapeHTML(true)
				.compile(new InputStreamReader(Objects.requireNonNull(source, TEMPLATE), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
