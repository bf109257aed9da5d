package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The real numbers, as float32, that int8, uint8 or int16 elements stand for. Source: TFLite
 * DEQUANTIZE.
 */
public record Dequantize() implements SingleOutputOp {
  @Override
  public String kind() {
    return "dequantize";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    DType dtype = inputs.get(0).dtype();
    if (dtype == DType.INT16 || dtype == DType.UINT8) {
      Checks.require(
          inputs.get(0).quant() instanceof QuantParams.PerTensor,
          "input must be quantised per tensor, is " + inputs.get(0));
    } else {
      Checks.int8PerTensor("input", inputs.get(0));
    }
    Checks.require(output.isFloat(), "output must be float32, is " + output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return QuantizeEvaluation.dequantize(inputs.get(0), output);
  }
}
