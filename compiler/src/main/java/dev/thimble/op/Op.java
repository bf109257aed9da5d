package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * What a node computes: its kind and typed attributes, without names or data, so that equal
 * computations are equal records. A record's constructor throws {@link IllegalArgumentException}
 * for attributes that make no sense in any network; {@link #outputShapes} and {@link #check} throw
 * it for inputs that the op cannot take.
 *
 * <p>Layouts are NHWC for activations, OHWI for filters, and NLC for rank 3. Integer results are
 * those of the TensorFlow Lite reference kernels; {@code docs/quantization.md} numbers the rules.
 */
public sealed interface Op permits SingleOutputOp, Lstm {
  /** The op's name in graph text and reports, such as {@code conv2d}. */
  String kind();

  /** The shapes of the outputs for inputs of these types. */
  List<Shape> outputShapes(List<TensorType> inputs);

  /** Throws {@link IllegalArgumentException} unless the op takes these types to those. */
  void check(List<TensorType> inputs, List<TensorType> outputs);

  /** The outputs, of the given types, for these inputs. */
  List<Tensor> evaluate(List<Tensor> inputs, List<TensorType> outputs, Rounding rounding);

  /**
   * The multiply-accumulates of one evaluation: products of a filter's element and an activation,
   * padding included, as the published counts of the field have it. 0 for ops without a filter.
   */
  default long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return 0;
  }
}
