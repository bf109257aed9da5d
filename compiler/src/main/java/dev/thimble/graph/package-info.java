/**
 * Immutable graphs, nodes, values and programs, with their checker, text printer and parser. It may
 * import {@code op} and what that imports.
 */
@NullMarked
package dev.thimble.graph;

import org.jspecify.annotations.NullMarked;
