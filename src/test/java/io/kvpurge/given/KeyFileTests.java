package io.kvpurge.given;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.kvpurge.store.Key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyFileTests {

	@TempDir
	private Path folder;

	private KeyFile file(String name, byte[] content) throws IOException {
		return KeyFile.of(Files.write(this.folder.resolve(name), content).toString(), null, null);
	}

	private KeyFile file(String name, String content) throws IOException {
		return file(name, content.getBytes(StandardCharsets.UTF_8));
	}

	private static List<Key> keys(KeySource source) {
		List<Key> keys = new ArrayList<>();
		source.forEach(keys::add);
		return keys;
	}

	private static List<Key> keys(String... texts) {
		return List.of(texts).stream().map(Key::of).toList();
	}

	@Test
	void aLineIsAKey() throws IOException {
		assertThat(keys(file("a.txt", "a\n\n b \r\n😀/ü\n\"q\",\nlast")))
			.isEqualTo(keys("a", " b ", "😀/ü", "\"q\",", "last"));
		assertThat(keys(file("a.txt", "\ufeffa\nb\n"))).isEqualTo(keys("a", "b"));
		assertThat(keys(file("a.txt", ""))).isEmpty();
		assertThat(keys(file("a.txt", new byte[] { 'a', (byte) 0xff, '\n' })))
			.containsExactly(Key.of(new byte[] { 'a', (byte) 0xff }));
	}

	@Test
	void anObjectOrATextIsAKey() throws IOException {
		assertThat(keys(file("a.jsonl", """
				{"key": "a\\nb", "outcome": "deleted"}
				{"key64": "/wA="}

				"c"
				"""))).containsExactly(Key.of("a\nb"), Key.of(new byte[] { (byte) 0xff, 0 }), Key.of("c"));
	}

	@Test
	void whatEndsWithAZeroIsAKey() throws IOException {
		KeyFile file = file("a.bin", "a\nb\0\0\r\0last");
		assertThat(keys(new KeyFile(file.name(), KeyFileFormat.NUL, file.path())))
			.isEqualTo(keys("a\nb", "\r", "last"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			"" | has an empty key
			{"key": ""} | has an empty key
			{"name": "a"} | is neither a JSON text nor an object with one of 'key' and 'key64'
			{"key": "a", "key64": "YQ=="} | is neither a JSON text nor an object with one of 'key' and 'key64'
			["a"] | is neither a JSON text nor an object with one of 'key' and 'key64'
			{"key64": "????"} | has a key that cannot be read: Illegal base64 character 3f
			"\\ud800" | has a key that cannot be read: no UTF-8 text: it holds an unpaired surrogate
			""")
	void saysWhichLineNamesNoKey(String line, String problem) throws IOException {
		KeyFile file = file("a.jsonl", "\"a\"\n" + line + "\n\"b\"\n");
		assertThatThrownBy(file::digest).isInstanceOf(KeySourceException.class)
			.hasMessage(file.path() + ":2: " + problem);
	}

	@Test
	void saysWhatIsNoJsonAndNoText() throws IOException {
		KeyFile noJson = file("a.jsonl", "a\n");
		assertThatThrownBy(noJson::digest).hasMessageStartingWith(noJson.path() + ":1: is not JSON: ");
		KeyFile noText = file("b.jsonl", new byte[] { '"', (byte) 0xff, '"' });
		assertThatThrownBy(noText::digest).hasMessage(noText.path() + ":1: is not UTF-8");
		KeyFile looksLikeJson = file("c.txt", "{ \"key\": \"a\" }\n");
		assertThatThrownBy(looksLikeJson::digest).hasMessage(looksLikeJson.path()
				+ ":1: looks like JSON, but each line is read as a key: say that the format is jsonl");
		KeyFile image = file("d.png", new byte[KeyFileReader.LONGEST + 1]);
		assertThatThrownBy(image::digest).hasMessage(image.path() + ":1: is longer than a key can be");
	}

	@Test
	void saysThatAFileCannotBeRead() {
		Path missing = this.folder.resolve("none");
		assertThatThrownBy(KeyFile.of(missing.toString(), null, null)::digest)
			.hasMessage(missing + ": there is no such file");
		assertThatThrownBy(KeyFile.of(this.folder.toString(), null, null)::digest)
			.hasMessage(this.folder + ": is a folder: name a file in it");
		assertThatThrownBy(KeyFile.of("-", null, this.folder)::digest)
			.hasMessage("the keys came from standard input, which is not kept: launch it again with the same keys");
		assertThatThrownBy(KeyFile.of("a.txt", null, null)::digest)
			.hasMessage("a.txt: where it is was not kept: launch it again with its definition's file");
	}

	@Test
	void theDigestIsThatOfTheKeys() throws IOException {
		KeyDigest digest = file("a.txt", "a\nb\n").digest();
		assertThat(digest.keys()).isEqualTo(2);
		assertThat(file("b.jsonl", "\"a\"\n\"b\"").digest()).isEqualTo(digest);
		assertThat(new KeyList(keys("a", "b")).digest()).isEqualTo(digest);
		assertThat(new KeyList(keys("ab")).digest().hash()).isNotEqualTo(digest.hash());
		assertThat(new KeyList(keys("b", "a")).digest().hash()).isNotEqualTo(digest.hash());
	}

	@Test
	void knowsWhatItNames() throws IOException {
		KeyFile file = file("a.txt", "a\nb\n");
		assertThat(file.names(Key.of("b"))).isTrue();
		assertThat(file.names(Key.of("c"))).isFalse();
	}

}
