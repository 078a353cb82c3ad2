package io.kvpurge.definition;

import java.util.Locale;

/** What may happen to a run that others want to be told. */
public enum RunEvent {

	/** It is done. */
	SUCCESS,
	/** It is done, but the store refused keys. */
	REFUSED,
	/** Its window is over; the next launch carries on. */
	PAUSED,
	/** It was stopped, by a person or a signal. */
	STOPPED,
	/** A guard or limit ended it: a person is needed. */
	GUARD,
	/** It failed, or could not begin. */
	FAILURE,
	/** It goes on, but has come no further for long. */
	STALLED;

	/** Its name, as it stands in settings and in what is sent. */
	public String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
