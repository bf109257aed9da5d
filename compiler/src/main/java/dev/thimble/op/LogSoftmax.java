package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The logarithm of a softmax along an axis; a negative axis counts from the innermost. Quantised:
 * int8 to int8 along the last axis, the output of scale 16/256 and zero point 127. Source: TFLite
 * LOG_SOFTMAX, ONNX LogSoftmax-13.
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
