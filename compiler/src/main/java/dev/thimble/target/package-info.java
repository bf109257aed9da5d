/**
 * What a program is built for: CPUs, instruction sets, boards and memory regions, as data only. It
 * may import {@code tensor}.
 */
@NullMarked
package dev.thimble.target;

import org.jspecify.annotations.NullMarked;
