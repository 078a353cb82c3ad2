package io.kvpurge.testkit.cloudflare;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a form apart. */
final class Multipart {

	private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");

	private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");

	private Multipart() {
	}

	/** The parts by their names. */
	static Map<String, byte[]> parts(String contentType, byte[] body) {
		Matcher boundary = BOUNDARY.matcher(contentType);
		if (!boundary.find()) {
			throw ApiError.malformed("the form has no boundary");
		}
		// One character for each byte, so that no byte is lost.
		String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
		String[] pieces = text.split(Pattern.quote("\r\n--" + boundary.group(1)), -1);
		if (!pieces[pieces.length - 1].startsWith("--")) {
			throw ApiError.malformed("the form does not end");
		}
		Map<String, byte[]> parts = new HashMap<>();
		for (int i = 1; i < pieces.length - 1; i++) {
			int headersEnd = pieces[i].indexOf("\r\n\r\n");
			Matcher name = NAME.matcher((headersEnd < 0) ? "" : pieces[i].substring(0, headersEnd));
			if (!name.find()) {
				throw ApiError.malformed("a part of the form has no name");
			}
			parts.put(name.group(1), pieces[i].substring(headersEnd + 4).getBytes(StandardCharsets.ISO_8859_1));
		}
		return parts;
	}

}
