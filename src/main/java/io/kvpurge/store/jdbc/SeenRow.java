package io.kvpurge.store.jdbc;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.kvpurge.store.Version;

/**
 * What was seen of a row: its version column, or all that was read of it.
 *
 * @param values as the driver gave them
 */
record SeenRow(List<@Nullable Object> values) implements Version {

	static SeenRow of(@Nullable Object... values) {
		return new SeenRow(Collections.<@Nullable Object>unmodifiableList(Arrays.<@Nullable Object>asList(values)));
	}

}
