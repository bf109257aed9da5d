package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Takes each element from the second input where the first, a boolean, is true, and from the third
 * where it is false; all three are broadcast against each other as numpy does. The second, the
 * third and the output are of one type with one quantisation. Source: TFLite SELECT_V2, ONNX Where.
 */
public record Where() implements SingleOutputOp {
  @Override
  public String kind() {
    return "where";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Shape values = Broadcast.shape(inputs.get(1).shape(), inputs.get(2).shape());
    return Broadcast.shape(inputs.get(0).shape(), values);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.booleans("condition", inputs.get(0));
    Checks.sameElements(inputs.get(1), output);
    Checks.sameElements(inputs.get(2), output);
    Checks.notPerChannel(output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] conditions = inputs.get(0).ints();
    int[] conditionAt = BinaryEvaluation.offsets(inputs.get(0).shape(), output.shape());
    int[] firstAt = BinaryEvaluation.offsets(inputs.get(1).shape(), output.shape());
    int[] secondAt = BinaryEvaluation.offsets(inputs.get(2).shape(), output.shape());
    if (output.isFloat()) {
      float[] first = inputs.get(1).floats();
      float[] second = inputs.get(2).floats();
      float[] results = new float[output.elements()];
      for (int i = 0; i < results.length; i++) {
        results[i] = conditions[conditionAt[i]] != 0 ? first[firstAt[i]] : second[secondAt[i]];
      }
      return Tensor.ofFloats(output, results);
    }
    long[] first = inputs.get(1).longs();
    long[] second = inputs.get(2).longs();
    long[] results = new long[output.elements()];
    for (int i = 0; i < results.length; i++) {
      results[i] = conditions[conditionAt[i]] != 0 ? first[firstAt[i]] : second[secondAt[i]];
    }
    return Tensor.ofLongs(output, results);
  }
}
