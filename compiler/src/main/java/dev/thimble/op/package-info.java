/**
 * What a node computes: sealed operator records with typed attributes, shape inference and
 * reference evaluation. It may import {@code tensor}.
 */
@NullMarked
package dev.thimble.op;

import org.jspecify.annotations.NullMarked;
