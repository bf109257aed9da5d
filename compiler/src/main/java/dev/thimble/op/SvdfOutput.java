package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The second half of a singular value decomposition filter: its output from its memory. Inputs: the
 * memory [N, F * M] that {@link SvdfMemory} leaves; the filters over time [F, M]; the bias [F /
 * rank]. Output: [N, F / rank], each the sum of {@code rank} filters' products with their results.
 * Quantised: a memory and filters of the same type, int8 or int16 with zero point 0, an int32 bias,
 * an int8 output, and no activation. Source: TFLite SVDF.
 *
 * @param activation of float outputs; the reference kernel of integers has none
 */
public record SvdfOutput(int rank, Activation activation) implements RecurrentOp {
  public SvdfOutput {
    Checks.require(rank > 0, "rank must be positive, was " + rank);
  }

  @Override
  public String kind() {
    return "svdf_output";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Checks.rank("memory", inputs.get(0), 2);
    Checks.rank("filter", inputs.get(1), 2);
    Shape memory = inputs.get(0).shape();
    Shape filter = inputs.get(1).shape();
    Checks.require(
        memory.dim(1) == filter.elements(),
        "memory " + memory + " does not fit the filter " + filter);
    Checks.require(
        filter.dim(0) % rank == 0, filter.dim(0) + " filters are no multiple of rank " + rank);
    return Shape.of(memory.dim(0), filter.dim(0) / rank);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType memory = inputs.get(0);
    TensorType filter = inputs.get(1);
    TensorType bias = inputs.get(2);
    Checks.require(
        bias.shape().equals(Shape.of(output.shape().dim(1))),
        "bias must have shape [" + output.shape().dim(1) + "], has " + bias.shape());
    if (output.isFloat()) {
      Checks.require(
          memory.isFloat() && filter.isFloat() && bias.isFloat(),
          "memory, filter and bias must be float32 as the output is");
      return;
    }
    Checks.int8PerTensor("output", output);
    Checks.require(
        SvdfMemory.isMemory(memory)
            && SvdfMemory.isMemory(filter)
            && memory.dtype() == filter.dtype(),
        "memory and filter must both be int8 or both int16, with zero point 0, are "
            + memory
            + " and "
            + filter);
    Checks.require(bias.dtype() == DType.INT32, "bias must be int32, is " + bias);
    Checks.require(activation == Activation.NONE, "has no activation where it is quantised");
    multiplier(inputs, output, Rounding.DOUBLE);
  }

  /** From the sum of products to the output's scale: quantization.md, rule Q40. */
  public static Multiplier multiplier(
      List<TensorType> inputs, TensorType output, Rounding rounding) {
    float scale = inputs.get(0).scale() * inputs.get(1).scale() / output.scale();
    return FixedPoint.quantizeMultiplier(scale, rounding);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return SvdfEvaluation.output(this, inputs, output, rounding);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return inputs.get(0).elements();
  }
}
