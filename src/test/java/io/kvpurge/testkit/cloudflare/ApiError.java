package io.kvpurge.testkit.cloudflare;

/** The request is answered by an error. */
final class ApiError extends RuntimeException {

	private final transient Answer answer;

	ApiError(int status, int code, String message) {
		this(Answer.error(status, code, message));
	}

	ApiError(Answer answer) {
		super(null, null, false, false);
		this.answer = answer;
	}

	static ApiError invalid(String message) {
		return new ApiError(400, 10029, message);
	}

	static ApiError malformed(String message) {
		return new ApiError(400, 10012, message);
	}

	static ApiError tooLarge(String message) {
		return new ApiError(413, 10024, message);
	}

	Answer answer() {
		return this.answer;
	}

}
