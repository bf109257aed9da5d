/**
 * The rewrite engine and its rule classes, graph to graph. It may import {@code graph} and {@code
 * target}, and what they import.
 */
@NullMarked
package dev.thimble.rewrite;

import org.jspecify.annotations.NullMarked;
