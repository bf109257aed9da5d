package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;

/**
 * A border around a tensor. {@code before} and {@code after} count the added entries of each axis;
 * {@code value}, which a {@code CONSTANT} border is made of, is in the tensor's stored numbers,
 * thus a zero point for a real zero. Elements of any type. Source: TFLite PAD, PADV2 and
 * MIRROR_PAD, ONNX Pad.
 */
public record Pad(List<Integer> before, List<Integer> after, double value, Mode mode)
    implements SingleOutputOp {
  /** What a border holds. */
  public enum Mode {
    /** One value. */
    CONSTANT,
    /** The entries in reverse, without the outermost: 3 2 | 1 2 3. */
    REFLECT,
    /** The entries in reverse, with the outermost: 2 1 | 1 2 3. */
    SYMMETRIC,
    /** The outermost entry: 1 1 | 1 2 3. */
    EDGE,
    /** The entries of the other end: 2 3 | 1 2 3. */
    WRAP
  }

  public Pad {
    before = List.copyOf(before);
    after = List.copyOf(after);
    Checks.require(
        before.size() == after.size(), "before and after must list the same number of axes");
    Checks.require(
        before.stream().allMatch(n -> n >= 0) && after.stream().allMatch(n -> n >= 0),
        "padding must be >= 0, was " + before + " and " + after);
    Checks.require(!Double.isNaN(value), "the value is not a number");
  }

  /** A border of one value. */
  public Pad(List<Integer> before, List<Integer> after, double value) {
    this(before, after, value, Mode.CONSTANT);
  }

  @Override
  public String kind() {
    return mode == Mode.CONSTANT ? "pad" : "pad_" + mode.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), before.size());
    Shape shape = inputs.get(0).shape();
    for (int axis = 0; axis < before.size(); axis++) {
      long extent = (long) shape.dim(axis) + before.get(axis) + after.get(axis);
      Checks.require(extent <= Integer.MAX_VALUE, "padding makes axis " + axis + " too long");
      int most = longest(shape.dim(axis));
      Checks.require(
          before.get(axis) <= most && after.get(axis) <= most,
          "axis " + axis + " of " + shape + " has no entries for a longer border than " + most);
      shape = shape.with(axis, (int) extent);
    }
    return shape;
  }

  /** The longest border for which an axis of this extent has entries. */
  private int longest(int extent) {
    return switch (mode) {
      case CONSTANT, EDGE -> Integer.MAX_VALUE;
      case REFLECT -> extent - 1;
      case SYMMETRIC, WRAP -> extent;
    };
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
    Checks.storable(value, output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return PadEvaluation.evaluate(this, inputs.get(0), output);
  }
}
