package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The gated recurrent unit: {@code z = f(Wz x + Rz h + b)}, {@code r} likewise, {@code c = g(Wc x +
 * Rc (r . h) + b)}, {@code h = (1 - z) . c + z . h}. Inputs: frames as {@link Recurrence} says;
 * filter W [3 * H, I], its gates in the order z, r, c; recurrent filter R [3 * H, H]; bias [3 * H];
 * recurrent bias [3 * H]; the first h [N, H]. Float32. Source: ONNX GRU; Keras GRU.
 *
 * @param gate f
 * @param candidate g
 * @param clip bounds sums to [-clip, clip]; 0 for no bounds
 * @param linearBeforeReset whether {@code c = g(Wc x + b + r . (Rc h + recurrent b))} (Keras calls
 *     it {@code reset_after})
 */
public record Gru(
    Recurrence steps, Gate gate, Gate candidate, float clip, boolean linearBeforeReset)
    implements RecurrentOp {
  public Gru {
    Recurrence.clip(clip);
  }

  @Override
  public String kind() {
    return "gru";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 6);
    int units = Recurrence.units(inputs, 3);
    Recurrence.vector("bias", inputs.get(3), 3 * units);
    Recurrence.vector("recurrent bias", inputs.get(4), 3 * units);
    steps.start("first state", inputs.get(5), inputs.get(0), units);
    return steps.outputShape(inputs.get(0), units);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return new RecurrentEvaluation(steps, inputs, output).gru(this);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return steps.macs(inputs.get(0), inputs.get(1), inputs.get(2));
  }
}
