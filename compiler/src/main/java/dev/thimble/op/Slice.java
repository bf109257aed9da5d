package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * A part of a tensor: entry {@code i} of an axis of the output is entry {@code begin + i * step} of
 * the input's. Each list has a number for each axis; {@code extents} are the output's, a step may
 * be negative. Elements of any type. Source: TFLite SLICE and STRIDED_SLICE, ONNX Slice.
 */
public record Slice(List<Integer> begin, List<Integer> extents, List<Integer> steps)
    implements PositionalOp {
  public Slice {
    begin = List.copyOf(begin);
    extents = List.copyOf(extents);
    steps = List.copyOf(steps);
    Checks.require(
        begin.size() == extents.size() && begin.size() == steps.size(),
        "begin, extents and steps must list the same number of axes");
    Checks.require(begin.stream().allMatch(n -> n >= 0), "begin must be >= 0, was " + begin);
    Checks.require(extents.stream().allMatch(n -> n > 0), "extents must be > 0, were " + extents);
    Checks.require(steps.stream().allMatch(n -> n != 0), "no step may be 0, were " + steps);
  }

  @Override
  public String kind() {
    return "slice";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), begin.size());
    Shape shape = inputs.get(0).shape();
    for (int axis = 0; axis < begin.size(); axis++) {
      long last = begin.get(axis) + (extents.get(axis) - 1L) * steps.get(axis);
      int extent = shape.dim(axis);
      Checks.require(
          begin.get(axis) < extent && last >= 0 && last < extent,
          "entries from "
              + begin.get(axis)
              + " to "
              + last
              + " of axis "
              + axis
              + " leave "
              + shape);
    }
    return Shape.of(extents.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] strides = Strides.rowMajor(inputs.get(0).shape());
    int base = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      base += begin.get(axis) * strides[axis];
      strides[axis] *= steps.get(axis);
    }
    int[] sources = Strides.offsets(output.shape(), strides);
    for (int i = 0; i < sources.length; i++) {
      sources[i] += base;
    }
    return Relocation.gather(inputs.get(0), output, sources);
  }
}
