package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An elementwise function of one input, of the same shape.
 *
 * <p>Functions of real numbers take float32, or int8 quantised per tensor to the same, each side
 * with a scale and zero point of its own; a sigmoid's int8 output has scale 1/256 and zero point
 * -128, a hyperbolic tangent's 1/128 and 0. {@code RELU} and its kin, {@code ABS}, {@code SIGMOID}
 * and {@code TANH} take quantised int16 too. {@code RELU} and its kin, {@code ABS}, {@code NEG},
 * {@code SIGN}, {@code SQUARE} and {@code BITWISE_NOT} take integers that stand for themselves too
 * and wrap around, {@code NOT} takes booleans, and {@code IS_NAN} makes booleans of floats. Source:
 * TFLite and ONNX, operators of these names; {@code ROUND} takes ties to the even neighbour, {@code
 * GELU_TANH} is GELU's approximation.
 */
public record Unary(Function function) implements SingleOutputOp {
  /** What is computed of each element. */
  public enum Function {
    RELU,
    RELU6,
    RELU_N1_TO_1,
    SIGMOID,
    TANH,
    HARD_SWISH,
    GELU,
    GELU_TANH,
    SILU,
    MISH,
    SOFTPLUS,
    SOFTSIGN,
    EXP,
    LOG,
    SQRT,
    RSQRT,
    RECIPROCAL,
    ABS,
    NEG,
    SIGN,
    FLOOR,
    CEIL,
    ROUND,
    SQUARE,
    SIN,
    COS,
    TAN,
    ASIN,
    ACOS,
    ATAN,
    SINH,
    COSH,
    ASINH,
    ACOSH,
    ATANH,
    ERF,
    NOT,
    BITWISE_NOT,
    IS_NAN
  }

  private static final Set<Function> OF_INTEGERS =
      EnumSet.of(
          Function.RELU,
          Function.RELU6,
          Function.RELU_N1_TO_1,
          Function.ABS,
          Function.SIGN,
          Function.SQUARE,
          Function.BITWISE_NOT,
          Function.NEG);

  private static final Set<Function> NOT_OF_REALS =
      EnumSet.of(Function.NOT, Function.BITWISE_NOT, Function.IS_NAN);

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
      default -> Activation.NONE;
    };
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType input = inputs.get(0);
    if (function == Function.IS_NAN) {
      Checks.require(input.isFloat(), "input must be float32, is " + input);
      Checks.booleans("output", output);
    } else if (function == Function.NOT) {
      Checks.booleans("input", input);
      Checks.booleans("output", output);
    } else if (Integers.are(input) && OF_INTEGERS.contains(function)) {
      Checks.sameElements(input, output);
      Checks.require(
          function != Function.NEG || input.dtype().min() < 0,
          "input must be of a signed type, is " + input);
    } else {
      Checks.require(
          !NOT_OF_REALS.contains(function),
          "input must be of integers without quantisation, is " + input);
      Checks.sameFloatOrQuantized(input, output);
      if (!output.isFloat()) {
        UnaryEvaluation.stored(this, input, output, Rounding.DOUBLE);
      }
    }
  }

  /** The function as two straight pieces of quantised elements, where it is that. */
  public Optional<PiecewiseQuantization> pieces(
      TensorType input, TensorType output, Rounding rounding) {
    return switch (function) {
      case RELU, RELU6, RELU_N1_TO_1 ->
          Optional.of(PiecewiseQuantization.ofActivation(input, output, asActivation(), rounding));
      case ABS -> Optional.of(PiecewiseQuantization.ofAbs(input, output, rounding));
      default -> Optional.empty();
    };
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return UnaryEvaluation.evaluate(this, inputs.get(0), output, rounding);
  }
}
