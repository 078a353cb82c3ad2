package io.kvpurge.testkit.cloudflare;

/** What a request asks for. */
public enum Call {

	VERIFY, NAMESPACES, NAMESPACE, LIST, BULK_DELETE, BULK_GET, BULK_PUT, GET_VALUE, GET_METADATA, PUT_VALUE,
	DELETE_VALUE;

	boolean isBulk() {
		return this == BULK_DELETE || this == BULK_GET || this == BULK_PUT;
	}

	boolean changesKeys() {
		return this == BULK_DELETE || this == BULK_PUT || this == PUT_VALUE || this == DELETE_VALUE;
	}

}
