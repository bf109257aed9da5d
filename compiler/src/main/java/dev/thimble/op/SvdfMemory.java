package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The first half of a singular value decomposition filter: what its memory becomes when a frame
 * arrives. Inputs: the memory [N, F * M], for each of F filters the last M results, the oldest
 * first; a frame [N, I]; the filters over a frame [F, I]. Output: the memory with each filter's
 * oldest result dropped and its product with the frame behind the others. Quantised: int8 frame and
 * filters, a memory of int8 or int16 with zero point 0. Source: TFLite SVDF.
 */
public record SvdfMemory() implements RecurrentOp {
  @Override
  public String kind() {
    return "svdf_memory";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Checks.rank("memory", inputs.get(0), 2);
    Checks.rank("input", inputs.get(1), 2);
    Checks.rank("filter", inputs.get(2), 2);
    Shape memory = inputs.get(0).shape();
    Shape input = inputs.get(1).shape();
    Shape filter = inputs.get(2).shape();
    Checks.require(
        memory.dim(0) == input.dim(0) && memory.dim(1) % filter.dim(0) == 0,
        "memory " + memory + " does not hold results of " + filter.dim(0) + " filters of " + input);
    Checks.require(
        input.dim(1) == filter.dim(1), "input " + input + " does not fit the filter " + filter);
    return memory;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType memory = inputs.get(0);
    Checks.sameElements(memory, output);
    if (output.isFloat()) {
      Checks.require(
          inputs.get(1).isFloat() && inputs.get(2).isFloat(),
          "input and filter must be float32 as the memory is");
      return;
    }
    Checks.require(
        isMemory(memory), "memory must be int8 or int16 with zero point 0, is " + memory);
    Checks.int8PerTensor("input", inputs.get(1));
    Checks.int8PerTensor("filter", inputs.get(2));
    Checks.require(inputs.get(2).zeroPoint() == 0, "filter must have zero point 0");
    multiplier(inputs, Rounding.DOUBLE);
  }

  static boolean isMemory(TensorType type) {
    return (type.dtype() == DType.INT8 || type.dtype() == DType.INT16)
        && type.quant() instanceof QuantParams.PerTensor p
        && p.zeroPoint() == 0;
  }

  /** From a filter's product with a frame to the memory's scale: quantization.md, rule Q40. */
  public static Multiplier multiplier(List<TensorType> inputs, Rounding rounding) {
    float scale = inputs.get(1).scale() * inputs.get(2).scale() / inputs.get(0).scale();
    return FixedPoint.quantizeMultiplier(scale, rounding);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return SvdfEvaluation.memory(inputs, output, rounding);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return (long) inputs.get(1).shape().dim(0) * inputs.get(2).elements();
  }
}
