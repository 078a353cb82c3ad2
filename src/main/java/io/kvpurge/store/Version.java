package io.kvpurge.store;

/**
 * What an adapter saw of an entry when it listed it, enough to tell later whether the
 * entry was rewritten. Only the adapter that made it may look inside.
 */
public interface Version {

}
