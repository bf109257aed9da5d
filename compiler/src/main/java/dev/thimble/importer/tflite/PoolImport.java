package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Size2d;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Pool2DOptions;

/** AVERAGE_POOL_2D and MAX_POOL_2D. */
final class PoolImport {
  private PoolImport() {}

  static Node pool(Operands at, Pool2d.Kind2d kind) {
    at.require(1, 1);
    Pool2DOptions options = at.requiredOptions(BuiltinOptions.Pool2DOptions, new Pool2DOptions());
    Size2d kernel =
        at.read(() -> Windows.size(at, "window", options.filterHeight(), options.filterWidth()));
    Windows.Geometry window =
        at.read(() ->
            Windows.geometry(
                at,
                kernel,
                Windows.size(at, "stride", options.strideH(), options.strideW()),
                Size2d.ONE,
                options.padding()));
    byte activation = at.read(options::fusedActivationFunction);
    return at.node(
        () ->
            new Pool2d(kind, kernel, window.stride(), window.padding(), at.activation(activation)),
        "float32, or int8 with one scale and zero point for input and output",
        at.input(0));
  }
}
