package io.kvpurge.ledger;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A process that works on ranges of runs of others.
 *
 * @param name its host, process and a number by chance
 * @param version of kvpurge
 * @param slots how many ranges it works on at once
 * @param startedAt since when it is there
 * @param remark which runs it takes no ranges of, and why; null if there are none
 * @param isAlive whether it has given a sign lately
 */
public record RemoteWorker(String name, String version, int slots, Instant startedAt, @Nullable String remark,
		boolean isAlive) {

}
