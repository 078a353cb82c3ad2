package io.kvpurge.faults;

/** How kvpurge could be wrong: for tests that the oracle would see it. */
enum Sabotage {

	NONE,
	/** Calls are announced when they are settled. */
	ANNOUNCES_LATE,
	/** Who looks into a call in doubt deletes its keys again. */
	DELETES_AGAIN

}
