package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The matrices of the last two axes with zeros, of quantised elements zero points, on one side of a
 * diagonal: upper keeps what has {@code column - row >= diagonal}, lower what has {@code column -
 * row <= diagonal}. Elements of any type. Source: ONNX Trilu.
 */
public record Triangle(boolean upper, int diagonal) implements PositionalOp {
  @Override
  public String kind() {
    return "triangle";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.require(inputs.get(0).shape().rank() >= 2, "input must have at least two axes");
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  /** The stored number of a real zero. */
  public static int zero(TensorType type) {
    return type.isQuantized() ? type.zeroPoint() : 0;
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int columns = output.shape().dim(-1);
    int rows = output.shape().dim(-2);
    int[] sources = new int[output.elements()];
    for (int i = 0; i < sources.length; i++) {
      int right = i % columns - i / columns % rows;
      boolean kept = upper ? right >= diagonal : right <= diagonal;
      sources[i] = kept ? i : Relocation.NOWHERE;
    }
    return Relocation.gather(inputs.get(0), output, sources, zero(output));
  }
}
