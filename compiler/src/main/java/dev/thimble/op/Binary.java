package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An elementwise function of two inputs, broadcast against each other as numpy does, then clamped.
 *
 * <p>All but those of bits take float32. Integers that stand for themselves take all but {@code
 * PRELU}, without a clamp: results wrap around, {@code DIV} cuts the quotient towards zero,
 * division by 0 gives 0, a shift by the type's bits or more moves all of them out, and one by less
 * than 0 moves none. Booleans take {@code AND}, {@code OR} and {@code XOR}. Which functions int8
 * quantised per tensor takes, each side with a scale and zero point of its own, quantization.md
 * says. Source: TFLite and ONNX, operators of these names; {@code MIN} and {@code MAX} of floats
 * give NaN where an input is NaN, as numpy does.
 */
public record Binary(Function function, Activation activation) implements SingleOutputOp {
  /** What is computed of each pair. */
  public enum Function {
    ADD,
    MUL,
    SUB,
    DIV,
    MIN,
    MAX,
    /** The first to the power of the second. */
    POW,
    SQUARED_DIFFERENCE,
    /** The remainder with the divisor's sign: numpy's mod, TFLite's FLOOR_MOD. */
    MOD,
    /** The remainder with the dividend's sign: C's fmod. */
    FMOD,
    FLOOR_DIV,
    /** The first where it is at least 0, else the product of both. */
    PRELU,
    AND,
    OR,
    XOR,
    SHIFT_LEFT,
    SHIFT_RIGHT
  }

  private static final Set<Function> OF_BOOLEANS =
      EnumSet.of(Function.AND, Function.OR, Function.XOR);

  private static final Set<Function> OF_BITS =
      EnumSet.of(
          Function.AND, Function.OR, Function.XOR, Function.SHIFT_LEFT, Function.SHIFT_RIGHT);

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
    TensorType first = inputs.get(0);
    TensorType second = inputs.get(1);
    if (first.dtype() == DType.BOOL || Integers.are(first)) {
      checkIntegers(first, second, output);
      return;
    }
    Checks.require(
        !OF_BITS.contains(function),
        "inputs must be of integers without quantisation, are " + first + " and " + second);
    Checks.sameFloatOrQuantized(first, output);
    Checks.sameFloatOrQuantized(second, output);
    if (!output.isFloat()) {
      BinaryEvaluation.stored(this, first, second, output, Rounding.DOUBLE);
    }
  }

  private void checkIntegers(TensorType first, TensorType second, TensorType output) {
    Checks.sameElements(first, output);
    Checks.sameElements(second, output);
    boolean defined =
        first.dtype() == DType.BOOL ? OF_BOOLEANS.contains(function) : function != Function.PRELU;
    Checks.require(defined, "inputs must be of other elements, are " + first);
    Checks.require(
        activation == Activation.NONE, "integers without quantisation take no fused activation");
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return BinaryEvaluation.evaluate(this, inputs, output, rounding);
  }
}
