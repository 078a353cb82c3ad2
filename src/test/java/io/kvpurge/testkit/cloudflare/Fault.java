package io.kvpurge.testkit.cloudflare;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with one request.
 *
 * @param status of the answer, where the ending has one of its own
 * @param code of the error
 * @param done which share of the request is done all the same: of a bulk call so many of
 * its keys, picked by chance; of any other nothing below 0.5
 * @param retryAfter seconds, null to say nothing about it
 * @param echoes whether the error repeats the header that holds the token
 */
public record Fault(Ending ending, int status, int code, double done, @Nullable Integer retryAfter, boolean echoes) {

	Fault(Ending ending, int status, int code, double done, @Nullable Integer retryAfter) {
		this(ending, status, code, done, retryAfter, false);
	}

	/** How the request ends. */
	public enum Ending {

		/** An error in the envelope. */
		ERROR,

		/** No answer: the connection is closed. */
		DROPPED,

		/** The connection is closed in the middle of the answer. */
		CUT,

		/** An HTML page. */
		GARBAGE,

		/** A page without keys, and a cursor. */
		EMPTY_PAGE,

		/** A page with fewer keys than there are, and a cursor. */
		SHORT_PAGE,

		/** The cursor is not known any more. */
		CURSOR_FORGOTTEN,

		/** The result of a bulk call, with those keys that were not done. */
		UNSUCCESSFUL

	}

	public static Fault throttled(@Nullable Integer retryAfter) {
		return new Fault(Ending.ERROR, 429, 10022, 0, retryAfter);
	}

	public static Fault error(int status, int code) {
		return new Fault(Ending.ERROR, status, code, 0, null);
	}

	/** An error though (part of) it was done. */
	public static Fault errorAfter(int status, int code, double done) {
		return new Fault(Ending.ERROR, status, code, done, null);
	}

	/** Cloudflare has waited too long for its own service, which may have done it. */
	public static Fault timeout(double done) {
		return new Fault(Ending.GARBAGE, 524, 0, done, null);
	}

	public static Fault bulkBusy() {
		return error(429, 10046);
	}

	public static Fault cursorForgotten() {
		return new Fault(Ending.CURSOR_FORGOTTEN, 400, 10041, 0, null);
	}

	public static Fault emptyPage() {
		return new Fault(Ending.EMPTY_PAGE, 200, 0, 1, null);
	}

	public static Fault shortPage() {
		return new Fault(Ending.SHORT_PAGE, 200, 0, 1, null);
	}

	/**
	 * A share of the keys is done, the others are named.
	 * @param status below 300 it is called a success, else a failure with the same result
	 */
	public static Fault unsuccessful(int status, double done) {
		return new Fault(Ending.UNSUCCESSFUL, status, 10001, done, null);
	}

	public static Fault dropped(double done) {
		return new Fault(Ending.DROPPED, 0, 0, done, null);
	}

	public static Fault cut() {
		return new Fault(Ending.CUT, 0, 0, 1, null);
	}

	public static Fault garbage(int status, double done) {
		return new Fault(Ending.GARBAGE, status, 0, done, null);
	}

	/**
	 * The same from a server that is careless: its errors repeat the header that holds
	 * the token, as it is, URL-encoded, and in base64.
	 */
	public Fault echoing() {
		return new Fault(this.ending, this.status, this.code, this.done, this.retryAfter, true);
	}

	/** Whether it makes sense for that request. */
	boolean fits(Call call, boolean withCursor) {
		return switch (this.ending) {
			case EMPTY_PAGE, SHORT_PAGE -> call == Call.LIST;
			case CURSOR_FORGOTTEN -> call == Call.LIST && withCursor;
			case UNSUCCESSFUL -> call == Call.BULK_DELETE || call == Call.BULK_PUT;
			default -> this.code != 10046 || call.isBulk();
		};
	}

	/**
	 * What the client gets instead of the right answer.
	 * @param authorization the header with the token
	 */
	Answer answer(Answer right, String authorization) {
		Answer answer = answer(right);
		return this.echoes ? answer.echoing(this.code, authorization) : answer;
	}

	private Answer answer(Answer right) {
		return switch (this.ending) {
			case ERROR -> (this.retryAfter != null) ? error().with("Retry-After", "" + this.retryAfter) : error();
			case DROPPED -> right.shaped(Answer.Shape.NOTHING);
			case CUT -> right.shaped(Answer.Shape.CUT);
			case GARBAGE -> Answer.html(this.status);
			default -> right;
		};
	}

	private Answer error() {
		String message = switch (this.code) {
			case 10046 -> "too many bulk operations in progress";
			case 10022, 971 -> "Please wait and consider throttling your request speed";
			default -> "service temporarily unavailable";
		};
		return Answer.error(this.status, this.code, message);
	}

}
