/**
 * Compiling, simulating, comparing and profiling the generated C with external tools. It may import
 * {@code codegen} and what that imports.
 */
@NullMarked
package dev.thimble.toolchain;

import org.jspecify.annotations.NullMarked;
