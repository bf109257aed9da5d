package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Reduce;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reductions over axes. */
final class ReduceImport {
  private ReduceImport() {}

  /** Without axes all are reduced, unless the node says that then nothing is done. */
  static void reduce(OnnxNode at, Reduce.Function function) {
    at.require(1, 2);
    LaidOut x = at.x(0);
    boolean keep = at.attributes().flag("keepdims", true);
    boolean nothing = at.attributes().flag("noop_with_empty_axes", false);
    Optional<List<Long>> stored = at.integers("axes", 1);
    List<Integer> axes = at.axes(stored.orElse(List.of()), x.rank());
    if (axes.isEmpty() && nothing) {
      at.set(x);
      return;
    }
    if (axes.isEmpty()) {
      axes = IntStream.range(0, x.rank()).boxed().toList();
    }
    at.set(reduced(at, at.name(), function, x, axes, keep));
  }

  /** A reduction of these axes of the source. */
  static LaidOut reduced(
      OnnxNode at,
      String name,
      Reduce.Function function,
      LaidOut x,
      List<Integer> axes,
      boolean keep) {
    Reduce reduce = new Reduce(function, x.axes(axes), keep);
    return at.graph()
        .node(
            name,
            reduce,
            x.dtype(),
            keep ? x.order() : x.order().without(axes),
            List.of(x.value()));
  }
}
