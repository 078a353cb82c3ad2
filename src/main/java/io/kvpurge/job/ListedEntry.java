package io.kvpurge.job;

import io.kvpurge.store.KeyEntry;

/**
 * The item that is read: one entry, and the page on which it was listed.
 *
 * @param entry the entry
 * @param page its page
 */
record ListedEntry(KeyEntry entry, ListedPage page) {

}
