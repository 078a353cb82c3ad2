package io.kvpurge.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.kvpurge.filter.ParameterType;

/** Gathers what is wrong with a text, so that all of it can be said at once. */
final class Problems {

	private static final Pattern LINE_BREAKS = Pattern.compile("\\R+");

	private final String source;

	private final List<Problem> found = new ArrayList<>();

	Problems(String source) {
		this.source = source;
	}

	/**
	 * Adds a problem. It becomes one line, also where it quotes several.
	 * @param line counted from 1, 0 where it belongs to no line
	 */
	void add(int line, String message) {
		this.found.add(new Problem(line, LINE_BREAKS.matcher(message).replaceAll(" ")));
	}

	/** A name that nobody knows, with the nearest one that is known. */
	void addUnknown(int line, String what, String name, Collection<String> known) {
		String nearest = nearest(name, known);
		String hint = (nearest != null) ? ", did you mean '" + nearest + "'?" : ": expected " + listed(known);
		add(line, "unknown " + what + " '" + name + "'" + (known.isEmpty() ? ": none is declared" : hint));
	}

	/**
	 * A length of time; null, and a problem more, if the text is none.
	 * @param name of what is set
	 * @param mayBeNothing whether it may be zero
	 * @param examples two that would do
	 */
	@Nullable Duration duration(int line, String name, String text, boolean mayBeNothing, String examples) {
		try {
			Duration duration = ParameterType.duration(text);
			if (!duration.isNegative() && (mayBeNothing || !duration.isZero())) {
				return duration;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// Reported below, in the same words.
		}
		add(line, name + " is '" + text + "': expected a duration such as " + examples);
		return null;
	}

	/** How many were found so far. */
	int count() {
		return this.found.size();
	}

	static String listed(Collection<String> names) {
		return String.join(", ", names.stream().sorted().toList());
	}

	/** Where a problem at a line stands. */
	String place(int line) {
		return (line > 0) ? this.source + ":" + line : this.source;
	}

	/**
	 * Goes on only if nothing is wrong.
	 * @throws DefinitionException with all problems in the order of their lines
	 */
	void throwIfAny() {
		if (!this.found.isEmpty()) {
			throw new DefinitionException(this.found.stream()
				.sorted(Comparator.comparingInt(Problem::line))
				.map((problem) -> place(problem.line()) + ": " + problem.message())
				.distinct()
				.toList());
		}
	}

	private static @Nullable String nearest(String name, Collection<String> known) {
		return known.stream()
			.filter((candidate) -> distance(name, candidate) <= Math.max(1, candidate.length() / 3))
			.min(Comparator.comparingInt((String candidate) -> distance(name, candidate))
				.thenComparing((candidate) -> candidate))
			.orElse(null);
	}

	/**
	 * How many letters must be put in, left out, changed or swapped with their neighbour.
	 */
	private static int distance(String one, String other) {
		String a = one.toLowerCase(Locale.ROOT);
		String b = other.toLowerCase(Locale.ROOT);
		int[][] steps = new int[a.length() + 1][b.length() + 1];
		for (int i = 0; i <= a.length(); i++) {
			for (int j = 0; j <= b.length(); j++) {
				if (i == 0 || j == 0) {
					steps[i][j] = i + j;
					continue;
				}
				int change = (a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1;
				steps[i][j] = Math.min(steps[i - 1][j - 1] + change, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
				if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
					steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
				}
			}
		}
		return steps[a.length()][b.length()];
	}

	private record Problem(int line, String message) {
	}

}
