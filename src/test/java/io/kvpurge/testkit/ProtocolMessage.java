package io.kvpurge.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One message of PostgreSQL's protocol 3.
 *
 * @param type its first byte, or 0 for a client's first message, which has none
 * @param body all that follows the length
 */
record ProtocolMessage(char type, byte[] body) {

	private static final int PROTOCOL_3 = 196_608;

	private static final int CANCEL = 80_877_102;

	private static final int ENCRYPT_TLS = 80_877_103;

	private static final int ENCRYPT_GSS = 80_877_104;

	/** One whose body are numbers of four bytes. */
	static ProtocolMessage of(char type, int... numbers) {
		ByteBuffer body = ByteBuffer.allocate(Integer.BYTES * numbers.length);
		for (int number : numbers) {
			body.putInt(number);
		}
		return new ProtocolMessage(type, body.array());
	}

	/** The client's first message. */
	static ProtocolMessage startup(Map<String, String> parameters) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.writeBytes(of('\0', PROTOCOL_3).body());
		parameters.forEach((name, value) -> {
			body.writeBytes((name + '\0' + value + '\0').getBytes(StandardCharsets.UTF_8));
		});
		body.write(0);
		return new ProtocolMessage('\0', body.toByteArray());
	}

	/** A client's first message that is also its last. */
	static ProtocolMessage cancel(int id, int secret) {
		return of('\0', CANCEL, id, secret);
	}

	/** ReadyForQuery, outside any transaction. */
	static ProtocolMessage ready() {
		return new ProtocolMessage('Z', new byte[] { 'I' });
	}

	static ProtocolMessage read(DataInputStream in) throws IOException {
		char type = (char) in.readUnsignedByte();
		return new ProtocolMessage(type, readFirst(in).body());
	}

	static ProtocolMessage readFirst(DataInputStream in) throws IOException {
		byte[] body = new byte[in.readInt() - Integer.BYTES];
		in.readFully(body);
		return new ProtocolMessage('\0', body);
	}

	void write(DataOutputStream out) throws IOException {
		if (this.type != '\0') {
			out.writeByte(this.type);
		}
		out.writeInt(Integer.BYTES + this.body.length);
		out.write(this.body);
	}

	/** The body's number at a place, counted in numbers. */
	int number(int index) {
		return ByteBuffer.wrap(this.body).getInt(Integer.BYTES * index);
	}

	/** What a client's first message asks for, in its order. */
	Map<String, String> parameters() {
		String text = new String(this.body, Integer.BYTES, this.body.length - Integer.BYTES, StandardCharsets.UTF_8);
		String[] words = text.split("\0", -1);
		Map<String, String> parameters = new LinkedHashMap<>();
		for (int i = 0; i + 1 < words.length && !words[i].isEmpty(); i += 2) {
			parameters.put(words[i], words[i + 1]);
		}
		return parameters;
	}

	boolean asksForEncryption() {
		return number(0) == ENCRYPT_TLS || number(0) == ENCRYPT_GSS;
	}

	boolean asksToCancel() {
		return number(0) == CANCEL;
	}

	boolean isReady() {
		return this.type == 'Z';
	}

	/** Whether it is ReadyForQuery, and no transaction is open. */
	boolean endsTransaction() {
		return isReady() && this.body[0] == 'I';
	}

}
