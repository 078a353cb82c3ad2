package io.kvpurge.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Key;

/**
 * A SHA-256 over fields. Each field goes in with its length before it and the whole
 * begins with what it is a hash of, so that no two different lists of fields give the
 * same bytes.
 */
final class LedgerHash {

	private final MessageDigest digest;

	/** Gathers small fields: a digest of each by itself would take longer. */
	private final ByteBuffer gathered = ByteBuffer.allocate(8192);

	private LedgerHash(String domain, int version) {
		try {
			this.digest = MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
		add("kvpurge/" + domain + "/" + version);
	}

	/** A hash of this kind of thing. */
	static LedgerHash of(String domain) {
		return of(domain, 1);
	}

	/** A hash of this kind of thing, over the fields that it has in a version. */
	static LedgerHash of(String domain, int version) {
		return new LedgerHash(domain, version);
	}

	LedgerHash add(@Nullable String text) {
		return (text != null) ? add(text.getBytes(StandardCharsets.UTF_8)) : addLength(-1);
	}

	LedgerHash add(long number) {
		return add(Long.toString(number));
	}

	LedgerHash add(boolean value) {
		return add(Boolean.toString(value));
	}

	LedgerHash add(@Nullable Instant instant) {
		return add((instant != null) ? instant.toString() : null);
	}

	LedgerHash add(List<Key> keys) {
		addLength(keys.size());
		keys.forEach((key) -> add(key.bytes()));
		return this;
	}

	private LedgerHash add(byte[] bytes) {
		addLength(bytes.length);
		if (bytes.length > this.gathered.remaining()) {
			flush();
		}
		if (bytes.length > this.gathered.capacity()) {
			this.digest.update(bytes);
		}
		else {
			this.gathered.put(bytes);
		}
		return this;
	}

	private LedgerHash addLength(int length) {
		if (this.gathered.remaining() < Integer.BYTES) {
			flush();
		}
		this.gathered.putInt(length);
		return this;
	}

	private void flush() {
		this.digest.update(this.gathered.flip());
		this.gathered.clear();
	}

	/** 64 lower-case hexadecimal digits; the hash is used up. */
	String hex() {
		flush();
		return HexFormat.of().formatHex(this.digest.digest());
	}

}
