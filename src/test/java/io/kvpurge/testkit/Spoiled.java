package io.kvpurge.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What good texts become by a few changes at random places. */
public final class Spoiled {

	/** Pieces that mean something to one of the formats, or are hard to bear. */
	private static final List<String> PIECES = List.of("", " ", "\t", "\n", "\r\n", "\u0085", "\u2028", "\0", "\u0001",
			"\ufeff", "\"", "'", "\\", "\\u", ":", ": ", " #", "- ", "&a ", "*a", "!!binary ", "!x ", "<<: ", "|\n",
			">\n", "---\n", "...", "{", "}", "[", "]", ",", "%", "@", "`", "?", "~", "null", "true", "yes", "0", "-1",
			"1e999", "1e-9999999999", "18446744073709551616", "0x1f", "0o17", "1:30", "2026-01-01", "NaN", ".inf",
			"all", "metadata", "params.", "key", "||", "&&", "!", "(", ")", "?:", "${HOME}", "${", "größe", "😀",
			"\\ud83d", "\ud83d", "\udc00", "[[[[[[[[", "{a: ", "((((((((", "9".repeat(400), "x".repeat(5000),
			"[".repeat(3000), "(".repeat(3000), "!".repeat(3000));

	private Spoiled() {
	}

	/** The text with one to six changes; some of them take pieces of the other. */
	public static String text(Random random, String good, String other) {
		String text = good;
		for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
			text = changed(random, text, other);
		}
		return text;
	}

	private static String changed(Random random, String text, String other) {
		int from = random.nextInt(text.length() + 1);
		int to = Math.min(text.length(), from + random.nextInt(12));
		String piece = switch (random.nextInt(6)) {
			case 0 -> "";
			case 1 -> String.valueOf((char) random.nextInt(0x250));
			case 2 -> part(random, other);
			case 3 -> part(random, text);
			default -> PIECES.get(random.nextInt(PIECES.size()));
		};
		if (random.nextInt(4) == 0) {
			return lines(random, text);
		}
		return text.substring(0, from) + piece + text.substring(random.nextBoolean() ? to : from);
	}

	private static String part(Random random, String text) {
		int from = random.nextInt(text.length() + 1);
		return text.substring(from, Math.min(text.length(), from + random.nextInt(40)));
	}

	/** One line left out, doubled, or put elsewhere. */
	private static String lines(Random random, String text) {
		List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
		String line = lines.get(random.nextInt(lines.size()));
		if (random.nextInt(3) > 0) {
			lines.remove(line);
		}
		if (random.nextInt(3) > 0) {
			lines.add(random.nextInt(lines.size() + 1), line);
		}
		return String.join("\n", lines);
	}

	/** As {@link #text}, and then with bytes that need not be UTF-8. */
	public static byte[] bytes(Random random, String good, String other) {
		byte[] bytes = text(random, good, other).getBytes(StandardCharsets.UTF_8);
		for (int changes = random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
		}
		return bytes;
	}

}
