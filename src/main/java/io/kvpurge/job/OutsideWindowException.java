package io.kvpurge.job;

import java.time.Instant;

import io.kvpurge.definition.Window;

/** Now is not the time at which a definition may delete: nothing was touched. */
public class OutsideWindowException extends RuntimeException {

	OutsideWindowException(String name, Window window, Instant now) {
		super(name + " deletes within its window only (" + window + "); it opens at " + window.opensAfter(now)
				+ ": launch again then");
	}

}
