package dev.thimble.importer.layout;

import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A reshape that merges and splits neighbouring axes of the source, read for a value whose axes lie
 * in another order.
 *
 * @param before an order of the source's axes in which each group of axes that are merged or split
 *     together lies together; the value's own wherever possible
 * @param after the order of the reshaped source's axes that a value in that order then has
 */
record Regrouping(Order before, Order after) {
  /** Axes longer than one that are merged and split together, of as many elements each. */
  private record Group(List<Integer> from, List<Integer> to) {}

  static Regrouping of(Order order, Shape from, Shape to) {
    List<Group> groups = groups(from, to);
    List<Integer> moving = order.moving(from);
    List<Group> inOrder = new ArrayList<>(groups);
    inOrder.sort(Comparator.comparing(group -> first(group, moving)));
    List<Integer> wanted = inOrder.stream().flatMap(group -> group.from().stream()).toList();
    List<Integer> after = inOrder.stream().flatMap(group -> group.to().stream()).toList();
    Order before = wanted.equals(moving) ? order : completed(wanted, from);
    return new Regrouping(before, completed(after, to));
  }

  private static int first(Group group, List<Integer> moving) {
    return group.from().stream().mapToInt(moving::indexOf).min().orElseThrow();
  }

  private static List<Group> groups(Shape from, Shape to) {
    List<Integer> left = longAxes(from);
    List<Integer> right = longAxes(to);
    List<Group> groups = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < left.size()) {
      int firstLeft = i;
      int firstRight = j;
      long elementsLeft = from.dim(left.get(i++));
      long elementsRight = to.dim(right.get(j++));
      while (elementsLeft != elementsRight) {
        if (elementsLeft < elementsRight) {
          elementsLeft *= from.dim(left.get(i++));
        } else {
          elementsRight *= to.dim(right.get(j++));
        }
      }
      groups.add(
          new Group(
              List.copyOf(left.subList(firstLeft, i)), List.copyOf(right.subList(firstRight, j))));
    }
    return groups;
  }

  private static List<Integer> longAxes(Shape shape) {
    return IntStream.range(0, shape.rank()).filter(axis -> shape.dim(axis) > 1).boxed().toList();
  }

  /** An order with these axes in this sequence, and the axes of one where they fit best. */
  static Order completed(List<Integer> moving, Shape shape) {
    int rank = shape.rank();
    for (Order order : List.of(Order.source(rank), Order.channelsLast(rank))) {
      if (order.moving(shape).equals(moving)) {
        return order;
      }
    }
    List<Integer> axes = new ArrayList<>(moving);
    for (int axis = 0; axis < rank; axis++) {
      if (shape.dim(axis) == 1) {
        axes.add(axis == 0 ? 0 : axes.indexOf(axis - 1) + 1, axis);
      }
    }
    return new Order(axes);
  }
}
