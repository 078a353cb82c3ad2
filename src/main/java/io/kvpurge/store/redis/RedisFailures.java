package io.kvpurge.store.redis;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;

import io.kvpurge.store.InvalidStoreException;
import io.kvpurge.store.StoreException;
import io.kvpurge.store.TransientStoreException;

/** Tells failures apart. */
final class RedisFailures {

	private static final int LONGEST_LINE = 300;

	/** The first words of answers that may be others a little later. */
	private static final Set<String> PASSING = Set.of("LOADING", "BUSY", "MISCONF", "OOM", "TRYAGAIN", "CLUSTERDOWN",
			"MASTERDOWN", "NOREPLICAS", "READONLY", "MOVED", "ASK");

	/** As versions 6 and 7 say it, to a client and to a script. */
	private static final Pattern FORBIDDEN_KEY = Pattern.compile(
			"no permissions to access (?:one of the keys|a key|the '.*' key)|can't access at least one of the keys",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Set<String> LOGIN = Set.of("NOAUTH", "WRONGPASS");

	private RedisFailures() {
	}

	/** Whether the server answered that it did nothing. */
	static boolean isAnswer(Throwable failure) {
		return failure instanceof RedisCommandExecutionException;
	}

	/**
	 * Whether the server answered that a key of the command is forbidden to the user, and
	 * so did nothing for any of them: others may be allowed.
	 */
	static boolean isForbiddenKey(Throwable failure) {
		return isAnswer(failure) && FORBIDDEN_KEY.matcher(String.valueOf(failure.getMessage())).find();
	}

	/**
	 * Whether a server has shown a certificate that is not trusted, or of another host.
	 */
	static boolean isMistrust(Throwable failure) {
		Throwable cause = failure.getCause();
		return failure instanceof CertificateException || failure instanceof CertPathBuilderException
				|| failure instanceof CertPathValidatorException || (cause != null && isMistrust(cause));
	}

	/** What failed, without what futures put around it. */
	static Throwable cause(Throwable failure) {
		Throwable inner = failure.getCause();
		boolean isWrapper = failure instanceof CompletionException || failure instanceof ExecutionException;
		return (isWrapper && inner != null) ? cause(inner) : failure;
	}

	/** The failure in the port's words. */
	static StoreException translate(String what, Throwable failure) {
		if (failure instanceof StoreException known) {
			return known;
		}
		if (isAnswer(failure)) {
			return answer(what, line(failure));
		}
		String message = (failure instanceof RedisCommandTimeoutException || failure instanceof TimeoutException)
				? "no answer in time" : line(failure);
		return new TransientStoreException(what + ": " + message, failure, null);
	}

	/** What the server said, in the port's words. */
	static StoreException answer(String what, String said) {
		String word = said.split(" ", 2)[0].replace("-", "");
		if (PASSING.contains(word)) {
			return new TransientStoreException(what + ": " + said, null, null);
		}
		if (word.equals("NOPERM") || said.contains("can't run this command") || said.contains("no permissions")
				|| said.contains("can't access")) {
			return new InvalidStoreException(
					what + ": the user may not: " + said + "; docs/redis.md has the permissions that suffice");
		}
		if (LOGIN.contains(word) || said.contains("invalid password")) {
			return new InvalidStoreException(what + ": the server does not let this user in: " + said
					+ "; look at 'username' and 'password', or" + " 'sentinel-password' if it is a sentinel");
		}
		return new StoreException(what + ": " + said);
	}

	private static String line(Throwable failure) {
		String message = (failure.getMessage() != null) ? failure.getMessage() : failure.getClass().getSimpleName();
		String line = message.lines().findFirst().orElse("").strip();
		return (line.length() <= LONGEST_LINE) ? line : line.substring(0, LONGEST_LINE) + "...";
	}

}
