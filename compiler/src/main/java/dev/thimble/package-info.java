/**
 * The whole pipeline, from a model file to a C program, in one readable place. It may import every
 * room but {@code search}; {@code search} alone imports it.
 */
@NullMarked
package dev.thimble;

import org.jspecify.annotations.NullMarked;
