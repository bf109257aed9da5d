package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Long short-term memory: {@code i = f(Wi x + Ri h + b)}, {@code o} and {@code f} likewise, {@code
 * g = cell(Wg x + Rg h + b)}, {@code c = f . c + i . g}, {@code h = o . output(c)}. Inputs: frames
 * as {@link Recurrence} says; filter W [4 * H, I], its gates in the order i, o, f, g (ONNX's);
 * recurrent filter R [4 * H, H]; bias [4 * H]; the first h [N, H]; the first c [N, H]; and, where
 * there are peepholes, their weights [3 * H] in the order i, o, f. Outputs: h of all steps or of
 * the last one; the last c [N, H].
 *
 * <p>Float32, or quantised as {@link LstmQuantization} says. Source: ONNX LSTM (whose two biases
 * are added), TFLite UNIDIRECTIONAL_SEQUENCE_LSTM, Keras LSTM.
 *
 * @param gate of i, o and f
 * @param cell of g
 * @param output of c
 * @param clip bounds the sums of gates to [-clip, clip], as ONNX has it; 0 for no bounds
 * @param cellClip bounds c to [-cellClip, cellClip], as TFLite has it; 0 for no bounds
 * @param coupled whether i is 1 - f; the filters of i are then not read
 */
public record Lstm(
    Recurrence steps,
    Gate gate,
    Gate cell,
    Gate output,
    float clip,
    float cellClip,
    boolean coupled)
    implements Op {
  public Lstm {
    Recurrence.clip(clip);
    Recurrence.clip(cellClip);
  }

  /** The usual functions, no bounds. */
  public static Lstm of(Recurrence steps) {
    return new Lstm(steps, Gate.SIGMOID, Gate.TANH, Gate.TANH, 0, 0, false);
  }

  /** Whether these inputs have weights of peepholes. */
  public static boolean hasPeepholes(List<?> inputs) {
    return inputs.size() == 7;
  }

  @Override
  public String kind() {
    return "lstm";
  }

  @Override
  public List<Shape> outputShapes(List<TensorType> inputs) {
    if (!hasPeepholes(inputs)) {
      Checks.inputCount(inputs, 6);
    }
    int units = Recurrence.units(inputs, 4);
    Recurrence.vector("bias", inputs.get(3), 4 * units);
    steps.start("first state", inputs.get(4), inputs.get(0), units);
    steps.start("first cell state", inputs.get(5), inputs.get(0), units);
    if (hasPeepholes(inputs)) {
      Recurrence.vector("peephole weights", inputs.get(6), 3 * units);
    }
    return List.of(
        steps.outputShape(inputs.get(0), units), Shape.of(steps.batch(inputs.get(0)), units));
  }

  @Override
  public void check(List<TensorType> inputs, List<TensorType> outputs) {
    List<Shape> shapes = outputShapes(inputs);
    Checks.require(outputs.size() == 2, "has two outputs, was given " + outputs.size());
    for (int i = 0; i < shapes.size(); i++) {
      Checks.require(
          shapes.get(i).equals(outputs.get(i).shape()),
          "computes shape " + shapes.get(i) + ", its output is declared " + outputs.get(i).shape());
    }
    if (inputs.get(0).isFloat()) {
      List<TensorType> all = new ArrayList<>(inputs);
      all.add(outputs.get(0));
      Checks.floats(all, outputs.get(1));
    } else {
      LstmQuantization.check(this, inputs, outputs);
    }
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> inputs, List<TensorType> outputs, Rounding rounding) {
    return outputs.get(0).isFloat()
        ? new RecurrentEvaluation(steps, inputs, outputs.get(0)).lstm(this, outputs.get(1))
        : LstmEvaluation.evaluate(this, inputs, outputs, rounding);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return steps.macs(inputs.get(0), inputs.get(1), inputs.get(2));
  }
}
