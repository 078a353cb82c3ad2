/** Entries in a namespace of Cloudflare Workers KV, over its REST API. */
@NullMarked
package io.kvpurge.store.cloudflare;

import org.jspecify.annotations.NullMarked;
