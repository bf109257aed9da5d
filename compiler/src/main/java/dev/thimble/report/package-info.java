/**
 * The figures of a compilation as JSON and HTML. It may import the result records of the other
 * rooms.
 */
@NullMarked
package dev.thimble.report;

import org.jspecify.annotations.NullMarked;
