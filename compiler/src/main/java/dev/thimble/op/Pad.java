package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * A border of one value. {@code before} and {@code after} count the added entries of each axis;
 * {@code value} is in the tensor's stored numbers, thus a zero point for a real zero. Source:
 * TFLite PAD and PADV2.
 */
public record Pad(List<Integer> before, List<Integer> after, double value)
    implements SingleOutputOp {
  public Pad {
    before = List.copyOf(before);
    after = List.copyOf(after);
    Checks.require(
        before.size() == after.size(), "before and after must list the same number of axes");
    Checks.require(
        before.stream().allMatch(n -> n >= 0) && after.stream().allMatch(n -> n >= 0),
        "padding must be >= 0, was " + before + " and " + after);
  }

  @Override
  public String kind() {
    return "pad";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), before.size());
    Shape shape = inputs.get(0).shape();
    for (int axis = 0; axis < before.size(); axis++) {
      long extent = (long) shape.dim(axis) + before.get(axis) + after.get(axis);
      Checks.require(extent <= Integer.MAX_VALUE, "padding makes axis " + axis + " too long");
      shape = shape.with(axis, (int) extent);
    }
    return shape;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.sameElements(inputs.get(0), output);
    Checks.require(
        output.isFloat()
            || (value == Math.rint(value)
                && value >= output.dtype().minValue()
                && value <= output.dtype().maxValue()),
        "value " + value + " lies outside " + output.dtype().reportName());
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return PadEvaluation.evaluate(this, inputs.get(0), output);
  }
}
