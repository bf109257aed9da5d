package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;

/**
 * How the elements of two inputs, broadcast against each other as numpy does, compare: a boolean
 * for each pair. Both are float32, booleans, or integers of one type that stand for themselves, or
 * int8 quantised per tensor: quantization.md, rule Q28. A NaN is not equal to anything, and neither
 * less nor greater. Source: TFLite and ONNX, operators of these names.
 */
public record Compare(Function function) implements SingleOutputOp {
  /** What is asked of each pair. */
  public enum Function {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL
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
    TensorType first = inputs.get(0);
    TensorType second = inputs.get(1);
    Checks.booleans("output", output);
    if (Checks.isInt8(first) && Checks.isInt8(second)) {
      CompareQuantization.of(first, second, Rounding.DOUBLE);
      return;
    }
    boolean raw = first.isFloat() || first.dtype() == DType.BOOL || Integers.are(first);
    Checks.require(
        raw && first.dtype() == second.dtype() && first.quant().equals(second.quant()),
        "inputs must be of one type without quantisation, are " + first + " and " + second);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Tensor first = inputs.get(0);
    Tensor second = inputs.get(1);
    int[] firstAt = BinaryEvaluation.offsets(first.shape(), output.shape());
    int[] secondAt = BinaryEvaluation.offsets(second.shape(), output.shape());
    int[] results = new int[output.elements()];
    if (first.type().isFloat()) {
      for (int i = 0; i < results.length; i++) {
        results[i] = of(first.floats()[firstAt[i]], second.floats()[secondAt[i]]) ? 1 : 0;
      }
      return Tensor.ofInts(output, results);
    }
    if (first.type().isQuantized()) {
      CompareQuantization q = CompareQuantization.of(first.type(), second.type(), rounding);
      for (int i = 0; i < results.length; i++) {
        int order = q.apply(first.ints()[firstAt[i]], second.ints()[secondAt[i]], rounding);
        results[i] = of(order) ? 1 : 0;
      }
      return Tensor.ofInts(output, results);
    }
    long[] as = first.longs();
    long[] bs = second.longs();
    for (int i = 0; i < results.length; i++) {
      results[i] = of(Long.compare(as[firstAt[i]], bs[secondAt[i]])) ? 1 : 0;
    }
    return Tensor.ofInts(output, results);
  }

  private boolean of(float a, float b) {
    return switch (function) {
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case LESS -> a < b;
      case LESS_EQUAL -> a <= b;
      case GREATER -> a > b;
      case GREATER_EQUAL -> a >= b;
    };
  }

  private boolean of(int order) {
    return switch (function) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_EQUAL -> order >= 0;
    };
  }
}
