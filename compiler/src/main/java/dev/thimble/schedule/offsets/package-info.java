/**
 * Offset assignment: where in an arena each block lies, so that blocks in use at the same time do
 * not overlap and the arena is small.
 *
 * <p>{@link dev.thimble.schedule.offsets.Problem} goes in, {@link
 * dev.thimble.schedule.offsets.Solution} comes out of {@link
 * dev.thimble.schedule.offsets.Offsets#solve}; {@link
 * dev.thimble.schedule.offsets.OffsetsValidator} judges it and shares no code with the solvers. The
 * package knows nothing of networks and imports no other.
 */
@NullMarked
package dev.thimble.schedule.offsets;

import org.jspecify.annotations.NullMarked;
