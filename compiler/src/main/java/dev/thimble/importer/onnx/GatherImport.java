package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.ArgReduce;
import dev.thimble.op.Gather;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that take entries by index, or find indices. */
final class GatherImport {
  private GatherImport() {}

  static void gather(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    int axis = at.axis(at.attributes().integer("axis", 0), x.rank());
    if (at.operand(1) instanceof Operand.Empty empty) {
      List<Integer> dims = new ArrayList<>(at.dims(0));
      dims.remove(axis);
      dims.addAll(axis, empty.dims());
      at.set(0, new Operand.Empty(x.dtype(), dims));
      return;
    }
    Optional<Tensor> known = at.data(1);
    if (known.isPresent()) {
      requireWithin(at, known.get(), x.shape().dim(axis));
      Optional<Integer> start = start(known.get(), x.shape().dim(axis));
      if (start.isPresent() && !at.graph().isConstant(x)) {
        run(at, x, axis, start.get(), known.get().shape());
        return;
      }
    }
    LaidOut indices = at.graph().plain(at.x(1));
    List<Integer> order = new ArrayList<>();
    for (int source : x.order().axes()) {
      if (source == axis) {
        IntStream.range(0, indices.rank()).forEach(i -> order.add(axis + i));
      } else {
        order.add(source < axis ? source : source + indices.rank() - 1);
      }
    }
    at.set(
        at.graph()
            .node(
                at.name(),
                new Gather(x.axis(axis)),
                x.dtype(),
                new Order(order),
                List.of(x.value(), indices.value())));
  }

  private static void requireWithin(OnnxNode at, Tensor indices, int extent) {
    for (long index : indices.longs()) {
      if (index < -extent || index >= extent) {
        throw at.malformed("takes entry " + index + " of an axis of " + extent);
      }
    }
  }

  /** Where indices start that run on one by one. */
  private static Optional<Integer> start(Tensor indices, int extent) {
    long[] longs = indices.longs();
    long first = longs[0] < 0 ? longs[0] + extent : longs[0];
    for (int i = 0; i < longs.length; i++) {
      if ((longs[i] < 0 ? longs[i] + extent : longs[i]) != first + i) {
        return Optional.empty();
      }
    }
    return indices.shape().rank() < 2 ? Optional.of((int) first) : Optional.empty();
  }

  private static void run(OnnxNode at, LaidOut x, int axis, int start, Shape indices) {
    boolean one = indices.rank() == 0;
    String name = one ? at.name("entry") : at.name();
    LaidOut part = MoveImport.run(at, name, x, axis, start, indices.elements());
    if (!one) {
      at.set(part);
      return;
    }
    int[] dims = IntStream.range(0, x.rank()).filter(i -> i != axis).map(x.shape()::dim).toArray();
    Order order = part.order().without(List.of(axis));
    at.set(at.graph().reshaped(at.name(), part, order.ofValue(Shape.of(dims)), order));
  }

  static void argReduce(OnnxNode at, ArgReduce.Function function) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    int axis = at.axis(at.attributes().integer("axis", 0), x.rank());
    boolean keep = at.attributes().flag("keepdims", true);
    boolean last = at.attributes().flag("select_last_index", false);
    Order order = keep ? x.order() : x.order().without(List.of(axis));
    at.set(
        at.graph()
            .node(
                at.name(),
                new ArgReduce(function, x.axis(axis), keep, last),
                DType.INT64,
                order,
                List.of(x.value())));
  }
}
