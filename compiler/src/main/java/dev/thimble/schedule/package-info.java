/**
 * Order and memory: {@code Graph -> Schedule -> MemoryPlan}.
 *
 * <p>{@link dev.thimble.schedule.MemoryPlanner} makes one plan for each {@link
 * dev.thimble.schedule.Strategy}; {@link dev.thimble.schedule.PlanValidator}, which shares no code
 * with it, proves a plan; {@link dev.thimble.schedule.ArenaUse} says what fills the arena at its
 * peak; {@link dev.thimble.schedule.PlanPrinter} writes a plan as text.
 *
 * <p>{@link dev.thimble.schedule.Ordering} puts steps in the order whose peak of live bytes is
 * least, which {@link dev.thimble.schedule.order} finds without knowing what the steps do.
 *
 * <p>Steps are numbered from 0 in the order in which they run. Graph inputs are written at step -1,
 * graph outputs are read at the step after the last. Constants stay in flash and have no buffer.
 */
@NullMarked
package dev.thimble.schedule;

import org.jspecify.annotations.NullMarked;
