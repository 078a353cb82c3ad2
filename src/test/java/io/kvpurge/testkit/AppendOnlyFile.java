package io.kvpurge.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the commands of a file in which Redis writes every change that it makes. */
final class AppendOnlyFile {

	private final byte[] bytes;

	private int at;

	private AppendOnlyFile(byte[] bytes) {
		this.bytes = bytes;
	}

	/** Its commands, without one that is cut off at the end. Bytes are ISO 8859-1. */
	static List<List<String>> read(byte[] bytes) {
		AppendOnlyFile file = new AppendOnlyFile(bytes);
		List<List<String>> commands = new ArrayList<>();
		for (List<String> command = file.next(); command != null; command = file.next()) {
			commands.add(command);
		}
		return commands;
	}

	private List<String> next() {
		Integer count = number('*');
		List<String> words = new ArrayList<>();
		for (int i = 0; count != null && i < count; i++) {
			Integer length = number('$');
			if (length == null || this.at + length + 2 > this.bytes.length) {
				return null;
			}
			words.add(new String(this.bytes, this.at, length, StandardCharsets.ISO_8859_1));
			this.at += length + 2;
		}
		return (count != null) ? words : null;
	}

	/** The number of a line that begins so, null if it is not whole. */
	private Integer number(char sign) {
		int end = this.at;
		while (end < this.bytes.length && this.bytes[end] != '\n') {
			end++;
		}
		if (end >= this.bytes.length) {
			return null;
		}
		String line = new String(this.bytes, this.at, end - this.at, StandardCharsets.ISO_8859_1).strip();
		if (line.isEmpty() || line.charAt(0) != sign) {
			throw new IllegalStateException("no append-only file: " + line);
		}
		this.at = end + 1;
		return Integer.valueOf(line.substring(1));
	}

}
