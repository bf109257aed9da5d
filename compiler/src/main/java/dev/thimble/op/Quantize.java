package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Stores real numbers as int8: from float32, or from int8 with another scale and zero point; or as
 * int16 or uint8 from float32. Source: TFLite QUANTIZE.
 */
public record Quantize() implements SingleOutputOp {
  @Override
  public String kind() {
    return "quantize";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    if (inputs.get(0).isFloat()
        && (output.dtype() == DType.INT16 || output.dtype() == DType.UINT8)) {
      Checks.require(
          output.quant() instanceof QuantParams.PerTensor,
          "output must be quantised per tensor, is " + output);
      return;
    }
    if (!inputs.get(0).isFloat()) {
      Checks.int8PerTensor("input", inputs.get(0));
    }
    Checks.int8PerTensor("output", output);
    if (!inputs.get(0).isFloat()) {
      Requantization.ofQuantize(inputs.get(0), output, Rounding.DOUBLE);
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return QuantizeEvaluation.quantize(inputs.get(0), output, rounding);
  }
}
