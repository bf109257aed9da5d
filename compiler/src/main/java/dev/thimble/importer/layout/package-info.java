/**
 * Graphs of networks whose files put channels first. Inside, maps have their channels last; a value
 * remembers in which order it holds the axes of the file's tensor, so that transpositions that only
 * rename axes cost nothing. It may import what {@code importer} may import.
 */
@NullMarked
package dev.thimble.importer.layout;

import org.jspecify.annotations.NullMarked;
