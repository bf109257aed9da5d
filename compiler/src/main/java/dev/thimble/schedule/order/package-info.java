/**
 * Execution order: of all orders in which tasks can run, one whose peak of live bytes is least.
 *
 * <p>The package knows neither graphs nor kernels. {@link dev.thimble.schedule.order.OrderProblem}
 * states the problem, {@link dev.thimble.schedule.order.LeastPeak} solves it, and {@link
 * dev.thimble.schedule.order.Order} says how good the answer is. What is decided is only the order:
 * offsets come later, and an arena can be larger than the peak.
 *
 * <p>Read {@code LeastPeak} first, then {@code CommitSearch}, which holds the argument why most
 * networks are solved exactly although the number of orders is beyond all counting.
 */
@NullMarked
package dev.thimble.schedule.order;

import org.jspecify.annotations.NullMarked;
