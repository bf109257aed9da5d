package dev.thimble.kernel;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Boxes of elements that are copied, one after the other, from operands to the output or within the
 * output. Each box is a nest of loops; axes that lie alike in both places are merged, and what is
 * contiguous in both is one run of bytes.
 */
final class Moves {
  /** The source that stands for the output itself. */
  static final int OUTPUT = -1;

  private static final int MAX_AXES = 12;

  /** One loop: how often, and how many bytes further in both places each time. */
  private record Loop(long extent, long from, long to) {}

  private record Box(int source, long from, long to, long run, List<Loop> loops) {}

  private final int bytes;
  private final List<Box> boxes = new ArrayList<>();

  /** Moves of elements of so many bytes. */
  Moves(int bytes) {
    this.bytes = bytes;
  }

  /** The distance from one entry to the next along each axis of a row-major tensor. */
  static int[] strides(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  /**
   * A box of these extents. Places and strides are in elements.
   *
   * @param source the operand, or {@link #OUTPUT}
   */
  Moves add(int source, long from, long to, int[] extents, int[] fromStrides, int[] toStrides) {
    List<Loop> loops = new ArrayList<>();
    for (int axis = 0; axis < extents.length; axis++) {
      if (extents[axis] == 0) {
        return this;
      }
      if (extents[axis] > 1) {
        join(
            loops,
            new Loop(
                extents[axis], (long) fromStrides[axis] * bytes, (long) toStrides[axis] * bytes));
      }
    }
    long run = bytes;
    if (!loops.isEmpty() && loops.getLast().from() == bytes && loops.getLast().to() == bytes) {
      run = loops.removeLast().extent() * bytes;
    }
    boxes.add(new Box(source, from * bytes, to * bytes, run, loops));
    return this;
  }

  /** Adds an inner loop, as part of the one around it where both lie one behind the other. */
  private static void join(List<Loop> loops, Loop inner) {
    if (!loops.isEmpty()
        && loops.getLast().from() == inner.extent() * inner.from()
        && loops.getLast().to() == inner.extent() * inner.to()) {
      Loop outer = loops.removeLast();
      join(loops, new Loop(outer.extent() * inner.extent(), inner.from(), inner.to()));
    } else {
      loops.add(inner);
    }
  }

  /** The fields {@code moves}, {@code count} and {@code axes}, which common/move.h reads. */
  void into(ParameterList list) {
    int axes = Math.max(1, boxes.stream().mapToInt(box -> box.loops().size()).max().orElse(0));
    if (axes > MAX_AXES) {
      throw new KernelException(
          "elements move along " + axes + " axes; portable kernels move along " + MAX_AXES);
    }
    List<Long> numbers = new ArrayList<>();
    for (Box box : boxes) {
      numbers.addAll(List.of((long) box.source(), box.from(), box.to(), box.run()));
      for (int i = box.loops().size(); i < axes; i++) {
        numbers.addAll(List.of(1L, 0L, 0L));
      }
      for (Loop loop : box.loops()) {
        numbers.addAll(List.of(loop.extent(), loop.from(), loop.to()));
      }
    }
    int[] table = numbers.stream().mapToInt(Math::toIntExact).toArray();
    list.table("moves", Parameter.Role.TABLE, DType.INT32, table)
        .int32("count", boxes.size())
        .int32("axes", axes);
  }
}
