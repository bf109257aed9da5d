package dev.thimble.schedule.order;

import java.util.List;

/**
 * An order of a problem's tasks.
 *
 * @param tasks the tasks' indices in the order in which they run
 * @param peak the most bytes that are live at once in this order
 * @param bound what no order's peak lies below
 * @param optimal whether the peak is proved least: it equals the bound
 */
public record Order(List<Integer> tasks, long peak, long bound, boolean optimal) {
  public Order {
    tasks = List.copyOf(tasks);
  }
}
