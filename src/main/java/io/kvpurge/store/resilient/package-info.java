/** Repeats calls to a store that may succeed when repeated, and counts all of them. */
@NullMarked
@NamedInterface("resilient")
package io.kvpurge.store.resilient;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
