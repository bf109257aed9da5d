package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** An op with exactly one output, which lets its methods speak of that output directly. */
public sealed interface SingleOutputOp extends Op
    permits ArgMax,
        AtLeast,
        Binary,
        Cast,
        Compare,
        Conv2d,
        DepthwiseConv2d,
        Dequantize,
        DifferenceAtLeast,
        FullyConnected,
        MatMul,
        MixedConv2d,
        Normalization,
        Pad,
        Parametric,
        Pool2d,
        PositionalOp,
        Quantize,
        RecurrentOp,
        Reduce,
        Requantize,
        Reshape,
        Softmax,
        TransposedConv2d,
        Unary,
        Where,
        WindowPool2d {
  /** The shape of the output for inputs of these types. */
  Shape outputShape(List<TensorType> inputs);

  /** Throws {@link IllegalArgumentException} unless the op takes these types to that one. */
  void check(List<TensorType> inputs, TensorType output);

  /** The output, of the given type, for these inputs. */
  Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding);

  @Override
  default List<Shape> outputShapes(List<TensorType> inputs) {
    return List.of(outputShape(inputs));
  }

  @Override
  default void check(List<TensorType> inputs, List<TensorType> outputs) {
    if (outputs.size() != 1) {
      throw new IllegalArgumentException("has one output, was given " + outputs.size());
    }
    Shape shape = outputShape(inputs);
    if (!shape.equals(outputs.getFirst().shape())) {
      throw new IllegalArgumentException(
          "computes shape " + shape + ", its output is declared " + outputs.getFirst().shape());
    }
    check(inputs, outputs.getFirst());
  }

  @Override
  default List<Tensor> evaluate(List<Tensor> inputs, List<TensorType> outputs, Rounding rounding) {
    return List.of(evaluate(inputs, outputs.getFirst(), rounding));
  }
}
