package io.kvpurge.store;

/** Stands for metadata that is there but cannot be read: no rule can be decided on it. */
public enum Unreadable {

	/** The only one. */
	VALUE

}
