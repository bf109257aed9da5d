/**
 * Order, streams, live ranges and the arena: graph to schedule to memory plan. It may import {@code
 * graph}, {@code target} and {@code kernel}, and what they import.
 */
@NullMarked
package dev.thimble.schedule;

import org.jspecify.annotations.NullMarked;
