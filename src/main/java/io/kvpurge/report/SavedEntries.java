package io.kvpurge.report;

import org.jspecify.annotations.Nullable;

/**
 * What a run saved before it deleted, in all attempts.
 *
 * @param entries how many entries its backup holds; one that was saved again counts
 * again; null if the backup cannot be read
 * @param bytes how much room it takes, null likewise
 * @param place where it is, or what is wrong with it
 */
public record SavedEntries(@Nullable Long entries, @Nullable Long bytes, String place) {

}
