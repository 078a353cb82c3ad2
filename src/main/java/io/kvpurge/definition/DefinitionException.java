package io.kvpurge.definition;

import java.util.List;

/**
 * What a person wrote cannot be used. Nothing was touched.
 */
public class DefinitionException extends RuntimeException {

	private final List<String> problems;

	/**
	 * @param problems one line each, where possible {@code file:line: what is wrong, what
	 * to do}
	 */
	public DefinitionException(List<String> problems) {
		super(String.join(System.lineSeparator(), problems));
		this.problems = List.copyOf(problems);
	}

	/** At least one line. */
	public List<String> problems() {
		return this.problems;
	}

}
