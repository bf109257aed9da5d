/**
 * Loops over whole compilations: budgets, mixed precision, tuning. It may import every room, and
 * the pipeline in {@code dev.thimble}.
 */
@NullMarked
package dev.thimble.search;

import org.jspecify.annotations.NullMarked;
