package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

final class PadEvaluation {
  private PadEvaluation() {}
  static Tensor evaluate(Pad op, Tensor in, TensorType out) { throw new UnsupportedOperationException(); }
}
