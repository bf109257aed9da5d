package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.HardMax;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.LpNorm;
import dev.thimble.op.Op;
import dev.thimble.op.Softmax;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.function.IntFunction;

/** Functions of the lines along an axis. */
final class LineImport {
  private LineImport() {}

  static void softmax(OnnxNode at) {
    lines(at, axis -> new Softmax(1, axis));
  }

  static void logSoftmax(OnnxNode at) {
    lines(at, LogSoftmax::new);
  }

  static void hardMax(OnnxNode at) {
    lines(at, HardMax::new);
  }

  /** Since opset 13 along one axis, before it along all from that axis on. */
  private static void lines(OnnxNode at, IntFunction<Op> op) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    boolean one = at.opset() >= 13;
    int axis = at.axis(at.attributes().integer("axis", one ? -1 : 1), x.rank());
    Shape shape = x.shape();
    int rows = 1;
    for (int i = 0; i < axis; i++) {
      rows *= shape.dim(i);
    }
    int columns = shape.elements() / rows;
    if (one || columns == shape.dim(axis)) {
      at.along(op.apply(x.axis(axis)), x);
      return;
    }
    LaidOut flat = at.graph().reshape(at.name("flat"), x, Shape.of(rows, columns));
    LaidOut result =
        at.graph()
            .node(
                at.name("lines"),
                op.apply(flat.axis(1)),
                x.dtype(),
                flat.order(),
                List.of(flat.value()));
    at.set(at.graph().reshape(at.name(), result, shape));
  }

  static void lp(OnnxNode at) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    int axis = at.axis(at.attributes().integer("axis", -1), x.rank());
    at.along(new LpNorm(x.axis(axis), at.attributes().integer("p", 2)), x);
  }
}
