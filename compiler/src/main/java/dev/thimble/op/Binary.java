package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;

/**
 * An elementwise function of two inputs, broadcast against each other as numpy does, then clamped.
 * Source: TFLite ADD and MUL.
 */
public record Binary(Function function, Activation activation) implements SingleOutputOp {
  /** What is computed of each pair. */
  public enum Function {
    ADD,
    MUL
  }

  @Override
  public String kind() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 2);
    return Broadcast.shape(inputs.get(0).shape(), inputs.get(1).shape());
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.sameFloatOrInt8(inputs.get(0), output);
    Checks.sameFloatOrInt8(inputs.get(1), output);
    if (!output.isFloat()) {
      BinaryEvaluation.stored(this, inputs.get(0), inputs.get(1), output, Rounding.DOUBLE);
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return BinaryEvaluation.evaluate(this, inputs, output, rounding);
  }
}
