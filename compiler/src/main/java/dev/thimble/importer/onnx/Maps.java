package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** Operands that are maps: [N,C,L] or [N,C,H,W] in the file, read as NHWC. */
final class Maps {
  private Maps() {}

  /** The extents after the batch and the channels. */
  static List<Integer> spatial(OnnxNode at, LaidOut x) {
    if (x.rank() < 3) {
      throw at.malformed("has an input of shape " + x.shape() + ", not at least 3 axes");
    }
    List<Integer> dims = Arrays.stream(x.shape().dims()).boxed().toList();
    return dims.subList(2, dims.size());
  }

  /** The map as NHWC; one spatial axis is the columns of one row. */
  static Value nhwc(OnnxNode at, LaidOut x) {
    LaidOut last = at.graph().moved(x, Order.channelsLast(x.rank()));
    if (x.rank() == 4) {
      return last.value();
    }
    Shape shape = last.type().shape();
    Shape row = Shape.of(shape.dim(0), 1, shape.dim(1), shape.dim(2));
    return at.graph().reshaped(last, row, Order.channelsLast(4)).value();
  }

  /** A result of {@link #nhwc} as the file's tensor of so many axes. */
  static LaidOut result(OnnxNode at, LaidOut map, int rank) {
    if (rank == 4) {
      return map;
    }
    Shape shape = map.type().shape();
    Shape row = Shape.of(shape.dim(0), shape.dim(2), shape.dim(3));
    return at.graph().reshaped(map, row, Order.channelsLast(3));
  }
}
