package io.kvpurge.report;

/** What a process says to whoever launched it. */
public enum ExitCode {

	/** Done, or its window is over and it has come further. */
	COMPLETED(0),
	/** Failed; launching again carries on, and may help. */
	FAILED(1),
	/** Wrong usage, definition or store; nothing was touched. */
	USAGE(2),
	/**
	 * Stopped, held until it is resumed, outside its window, or declined by the person
	 * who was asked.
	 */
	STOPPED(3),
	/** A guard or limit; a person is needed. */
	GUARD(4),
	/** Another process is running it. */
	BUSY(5),
	/** Done, but the store refused to delete some keys. */
	REFUSED(6);

	private final int status;

	ExitCode(int status) {
		this.status = status;
	}

	/** The process's exit status. */
	public int status() {
		return this.status;
	}

}
