package io.kvpurge.store.cloudflare;

/** One error that the service names. */
record ApiError(long code, String message) {

}
