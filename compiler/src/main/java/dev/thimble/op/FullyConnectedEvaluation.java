package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** Reference evaluation of fully connected nodes: quantization.md, rules Q6, Q8 and Q20. */
final class FullyConnectedEvaluation {
  private FullyConnectedEvaluation() {}

  static Tensor evaluate(FullyConnected op, List<Tensor> in, TensorType out, Rounding rounding) {
    int outputs = in.get(1).shape().dim(0);
    int depth = in.get(1).shape().dim(1);
    int rows = out.elements() / outputs;
    if (out.isFloat()) {
      return Tensor.ofFloats(out, floats(op.activation(), in, rows, outputs, depth));
    }
    ConvolutionQuantization quantization =
        ConvolutionQuantization.ofFullyConnected(
            in.get(0).type(), in.get(1).type(), out, op.activation(), rounding);
    return Tensor.ofInts(out, ints(in, quantization, rows, outputs, depth, rounding));
  }

  /** The stored output of {@code rows} rows of {@code depth} inputs each. */
  static int[] ints(
      List<Tensor> in,
      ConvolutionQuantization quantization,
      int rows,
      int outputs,
      int depth,
      Rounding rounding) {
    int[] input = IntConvolution.centred(in.get(0).ints(), quantization.inputZeroPoint());
    int[] filter = in.get(1).ints();
    Bias given = Bias.of(in.get(2));
    ConvolutionQuantization whole = quantization.with(given);
    int[] bias = given.whole();
    int[] result = new int[rows * outputs];
    for (int row = 0; row < rows; row++) {
      for (int o = 0; o < outputs; o++) {
        int acc = bias[o];
        int x = row * depth;
        int w = o * depth;
        for (int i = 0; i < depth; i++) {
          acc += filter[w + i] * input[x + i];
        }
        result[row * outputs + o] = whole.apply(acc, o, rounding);
      }
    }
    return result;
  }

  private static float[] floats(
      Activation activation, List<Tensor> in, int rows, int outputs, int depth) {
    float[] input = in.get(0).floats();
    float[] filter = in.get(1).floats();
    float[] bias = in.get(2).floats();
    float[] result = new float[rows * outputs];
    for (int row = 0; row < rows; row++) {
      for (int o = 0; o < outputs; o++) {
        float acc = FloatSums.dot(filter, o * depth, input, row * depth, depth);
        result[row * outputs + o] = activation.clamp(acc + bias[o]);
      }
    }
    return result;
  }
}
