/**
 * Which C kernel serves an operator on a target: its form, scratch, cost and weight packing. It may
 * import {@code op} and {@code target}, and what they import.
 */
@NullMarked
package dev.thimble.kernel;

import org.jspecify.annotations.NullMarked;
