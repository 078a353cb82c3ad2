package io.kvpurge.definition;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Reads {@code backup}: {@code true}, or where. */
final class BackupSection {

	static final List<String> FIELDS = List.of("directory");

	private BackupSection() {
	}

	/** Null if nothing is to be saved, or if it has a problem. */
	static @Nullable BackupTarget read(YamlSection root, Problems problems) {
		if (!root.isSection("backup")) {
			return root.flag("backup", false) ? BackupTarget.HOME : null;
		}
		YamlSection section = root.section("backup");
		if (section == null) {
			return null;
		}
		section.refuseUnknown(FIELDS, Set.of());
		YamlText directory = section.require("directory", ": where? For the home, write: backup: true")
				? section.text("directory") : null;
		if (directory == null || DefinitionReader.refusePlaceholder(directory, "backup.directory", problems)) {
			return null;
		}
		if (!Path.of(directory.value()).isAbsolute()) {
			// A run that is carried on elsewhere would save elsewhere.
			problems.add(directory.line(),
					"'backup.directory' is '" + directory.value() + "': expected an absolute path");
			return null;
		}
		return new BackupTarget(directory.value());
	}

}
