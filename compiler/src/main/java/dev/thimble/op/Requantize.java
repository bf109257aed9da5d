package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Stores integers quantised per tensor as integers of another type, scale or zero point: int8,
 * uint8, int16 and int32; {@link Quantize} has int8 to int8. An int32 has the zero point 0. Source:
 * TFLite QUANTIZE.
 */
public record Requantize() implements SingleOutputOp {
  @Override
  public String kind() {
    return "requantize";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    for (TensorType type : List.of(inputs.get(0), output)) {
      boolean integer =
          switch (type.dtype()) {
            case INT8, UINT8, INT16, INT32 -> type.quant() instanceof QuantParams.PerTensor;
            case FLOAT32, UINT16, UINT32, INT64, BOOL -> false;
          };
      Checks.require(
          integer && (type.dtype() != DType.INT32 || type.zeroPoint() == 0),
          "takes int8, uint8, int16 and int32 (of zero point 0) per tensor, was given " + type);
    }
    Requantization.ofQuantize(inputs.get(0), output, Rounding.DOUBLE);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return QuantizeEvaluation.quantize(inputs.get(0), output, rounding);
  }
}
