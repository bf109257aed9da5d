package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The logarithm of a softmax along an axis, float32; a negative axis counts from the innermost.
 * Source: TFLite LOG_SOFTMAX, ONNX LogSoftmax-13.
 */
public record LogSoftmax(int axis) implements Normalization {
  @Override
  public String kind() {
    return "log_softmax";
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
    Lines.along(output.shape(), axis);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return LineEvaluation.logSoftmax(this, inputs.getFirst(), output);
  }
}
