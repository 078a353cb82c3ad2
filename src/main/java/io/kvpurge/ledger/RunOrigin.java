package io.kvpurge.ledger;

/**
 * Who launched a run, and where.
 *
 * @param user the operating system's user
 * @param host the host's name
 * @param pid the process
 * @param version kvpurge's version
 */
public record RunOrigin(String user, String host, long pid, String version) {

}
