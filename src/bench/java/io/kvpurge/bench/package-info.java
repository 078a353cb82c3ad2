/**
 * kvpurge as a whole process beside what people use in its place: same data, same
 * machine, same run.
 */
package io.kvpurge.bench;
