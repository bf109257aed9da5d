package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Tensors of one type joined along an axis; their other extents are equal. Elements of any type.
 * Source: TFLite CONCATENATION, whose integer inputs have the output's scale and zero point.
 */
public record Concat(int axis) implements PositionalOp {
  public Concat {
    Checks.require(axis >= 0, "axis must be >= 0, was " + axis);
  }

  @Override
  public String kind() {
    return "concat";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.require(!inputs.isEmpty(), "takes at least one input");
    Shape first = inputs.get(0).shape();
    Checks.require(axis < first.rank(), "axis " + axis + " does not fit the input " + first);
    long extent = 0;
    for (TensorType input : inputs) {
      Shape shape = input.shape();
      Checks.require(
          shape.rank() == first.rank() && shape.with(axis, 1).equals(first.with(axis, 1)),
          "inputs " + first + " and " + shape + " differ in more than axis " + axis);
      extent += shape.dim(axis);
    }
    Checks.require(extent <= Integer.MAX_VALUE, "axis " + axis + " gets too long");
    return first.with(axis, (int) extent);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    inputs.forEach(input -> Checks.moved(input, output));
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] sources = new int[output.elements()];
    int[] strides = Strides.rowMajor(output.shape());
    int start = 0;
    int entry = 0;
    for (Tensor input : inputs) {
      int[] targets = Strides.offsets(input.shape(), strides);
      for (int i = 0; i < targets.length; i++) {
        sources[targets[i] + entry * strides[axis]] = start + i;
      }
      start += targets.length;
      entry += input.shape().dim(axis);
    }
    Tensor joined = Relocation.joined(inputs, output);
    return Relocation.gather(joined, output, sources);
  }
}
