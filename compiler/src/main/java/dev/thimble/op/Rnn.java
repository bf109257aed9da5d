package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The simple recurrent layer: {@code h = f(W x + R h + b)}. Inputs: frames as {@link Recurrence}
 * says; filter W [H, I]; recurrent filter R [H, H]; bias [H]; the first h [N, H]. Float32. Source:
 * ONNX RNN (whose two biases are added), TFLite UNIDIRECTIONAL_SEQUENCE_RNN and RNN.
 *
 * @param clip bounds sums to [-clip, clip]; 0 for no bounds
 */
public record Rnn(Recurrence steps, Gate activation, float clip) implements RecurrentOp {
  public Rnn {
    Recurrence.clip(clip);
  }

  @Override
  public String kind() {
    return "rnn";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 5);
    int units = Recurrence.units(inputs, 1);
    Recurrence.vector("bias", inputs.get(3), units);
    steps.start("first state", inputs.get(4), inputs.get(0), units);
    return steps.outputShape(inputs.get(0), units);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return new RecurrentEvaluation(steps, inputs, output).rnn(this);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return steps.macs(inputs.get(0), inputs.get(1), inputs.get(2));
  }
}
