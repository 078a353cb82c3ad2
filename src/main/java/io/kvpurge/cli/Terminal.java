package io.kvpurge.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where output goes: results to one stream, everything else to the other.
 *
 * @param in where a person answers
 * @param out results: text, or with {@code --json} exactly one object
 * @param err progress, remarks, errors
 * @param interactive whether a person sits at it
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {

}
