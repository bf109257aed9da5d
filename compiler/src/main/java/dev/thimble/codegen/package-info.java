/**
 * The text of the C program. It may import {@code schedule} and {@code kernel}, and what they
 * import.
 */
@NullMarked
package dev.thimble.codegen;

import org.jspecify.annotations.NullMarked;
