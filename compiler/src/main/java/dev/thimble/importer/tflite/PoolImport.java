package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Requantize;
import dev.thimble.op.Size2d;
import dev.thimble.op.WindowPool2d;
import dev.thimble.op.WindowPool2d.Function;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Pool2DOptions;

/** AVERAGE_POOL_2D, MAX_POOL_2D and L2_POOL_2D. */
final class PoolImport {
  private static final String SUPPORTED =
      "float32, or int8, uint8 or int16 with one scale and zero point for input and output";

  private PoolImport() {}

  static Node pool(Operands at, Function function) {
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
    byte code = at.read(options::fusedActivationFunction);
    if (function == Function.AVERAGE && at.hasRecoded()) {
      return unsigned(at, op(at, function, kernel, window, at.activation(code)));
    }
    boolean int16 = at.input(0).type().dtype() == DType.INT16;
    return at.node(
        () -> {
          WindowPool2d op = op(at, function, kernel, window, at.activation(code));
          return int16 ? op : op.simplest();
        },
        SUPPORTED,
        at.input(0));
  }

  private static WindowPool2d op(
      Operands at,
      Function function,
      Size2d kernel,
      Windows.Geometry window,
      Activation activation) {
    try {
      return new WindowPool2d(
          function,
          1,
          kernel,
          window.stride(),
          Size2d.ONE,
          window.padding(),
          Padding2d.NONE,
          activation);
    } catch (IllegalArgumentException e) {
      throw at.malformed(String.valueOf(e.getMessage()));
    }
  }

  /**
   * An average of numbers without sign: its ties are rounded up, those of the int8 numbers that
   * stand for them in the graph would be rounded down below 0. So it is taken of uint8.
   */
  private static Node unsigned(Operands at, WindowPool2d op) {
    TensorType input = unsigned(at.input(0).type());
    TensorType output = unsigned(at.output().type());
    Value from = at.between("_uint8_in", input);
    Value to = at.between("_uint8_out", output);
    at.before(new Node(new Requantize(), List.of(at.input(0)), List.of(from)));
    at.before(at.node(() -> op, SUPPORTED, List.of(to), List.of(from)));
    return at.node(Requantize::new, SUPPORTED, List.of(at.output()), List.of(to));
  }

  private static TensorType unsigned(TensorType type) {
    QuantParams quant = new QuantParams.PerTensor(type.scale(), type.zeroPoint() - Byte.MIN_VALUE);
    return new TensorType(DType.UINT8, type.shape(), quant);
  }
}
