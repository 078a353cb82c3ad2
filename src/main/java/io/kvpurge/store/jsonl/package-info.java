/** Entries as text: one JSON object a line. */
@NullMarked
@NamedInterface("jsonl")
package io.kvpurge.store.jsonl;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
