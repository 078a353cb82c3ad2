/** Entries as rows of an SQL table, in H2 or PostgreSQL. */
@NullMarked
package io.kvpurge.store.jdbc;

import org.jspecify.annotations.NullMarked;
