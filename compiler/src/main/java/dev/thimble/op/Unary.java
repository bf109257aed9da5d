package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;

/**
 * An elementwise function of one input, of the same shape. Quantised: int8 to int8, each with its
 * own scale and zero point; a sigmoid's output has scale 1/256 and zero point -128. Source: TFLite
 * RELU, RELU6, RELU_N1_TO_1 and LOGISTIC.
 */
public record Unary(Function function) implements SingleOutputOp {
  /** What is computed of each element. */
  public enum Function {
    RELU,
    RELU6,
    RELU_N1_TO_1,
    SIGMOID
  }

  @Override
  public String kind() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  /** The clamp that this function is, or {@link Activation#NONE} where it is none. */
  public Activation asActivation() {
    return switch (function) {
      case RELU -> Activation.RELU;
      case RELU6 -> Activation.RELU6;
      case RELU_N1_TO_1 -> Activation.RELU_N1_TO_1;
      case SIGMOID -> Activation.NONE;
    };
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.sameFloatOrInt8(inputs.get(0), output);
    if (output.isFloat()) {
      return;
    }
    switch (function) {
      case RELU, RELU6, RELU_N1_TO_1 ->
          Requantization.ofActivation(inputs.get(0), output, asActivation(), Rounding.DOUBLE);
      case SIGMOID -> {
        Checks.probabilities(output);
        SigmoidQuantization.of(inputs.get(0));
      }
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return UnaryEvaluation.evaluate(this, inputs.get(0), output, rounding);
  }
}
