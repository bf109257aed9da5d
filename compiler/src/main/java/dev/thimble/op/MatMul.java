package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * The product of two stacks of matrices. Inputs: [..., M, K] and [..., K, N], each with its last
 * two axes exchanged where it says so; the leading axes broadcast. Output: [..., M, N]. float32; or
 * int8, each per tensor, throughout; or plain int8 and uint8 to plain int32, where inputs 2 and 3
 * are the zero points of the first two, of their types and of one element each, or of the second of
 * N elements. Source: TFLite BATCH_MATMUL, ONNX MatMul-13 and MatMulInteger-10.
 */
public record MatMul(boolean transposeFirst, boolean transposeSecond) implements SingleOutputOp {
  @Override
  public String kind() {
    return "mat_mul";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.require(
        inputs.size() == 2 || inputs.size() == 4,
        "takes 2 inputs, or 4 with zero points, was given " + inputs.size());
    Shape a = inputs.get(0).shape();
    Shape b = inputs.get(1).shape();
    Checks.require(
        a.rank() >= 2 && b.rank() >= 2, "both must have at least 2 axes, are " + a + " and " + b);
    Checks.require(
        a.dim(transposeFirst ? -2 : -1) == b.dim(transposeSecond ? -1 : -2),
        "matrices of " + a + " and " + b + " do not fit each other");
    Shape batch = Broadcast.shape(leading(a), leading(b));
    int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
    dims[batch.rank()] = a.dim(transposeFirst ? -1 : -2);
    dims[batch.rank() + 1] = b.dim(transposeSecond ? -2 : -1);
    return Shape.of(dims);
  }

  /** All axes but the last two. */
  static Shape leading(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 2));
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType first = inputs.get(0);
    TensorType second = inputs.get(1);
    if (output.dtype() == DType.INT32) {
      checkPlain(inputs, output);
      return;
    }
    Checks.inputCount(inputs, 2);
    Checks.sameFloatOrInt8(first, output);
    Checks.sameFloatOrInt8(second, output);
    if (!output.isFloat()) {
      ConvolutionQuantization.ofMatMul(first, second, output, Rounding.DOUBLE);
    }
  }

  private static void checkPlain(List<TensorType> inputs, TensorType output) {
    for (TensorType type : inputs) {
      boolean bytes = type.dtype() == DType.INT8 || type.dtype() == DType.UINT8;
      Checks.require(
          bytes && type.quant() instanceof QuantParams.None,
          "plain products are of int8 or uint8 without scales, one input is " + type);
    }
    Checks.require(
        output.quant() instanceof QuantParams.None, "plain products have no scale, had " + output);
    if (inputs.size() == 4) {
      int columns = output.shape().dim(-1);
      int second = inputs.get(3).elements();
      Checks.require(
          inputs.get(2).elements() == 1 && (second == 1 || second == columns),
          "zero points must be one, or of the second matrix one for each column, are "
              + inputs.get(2)
              + " and "
              + inputs.get(3));
      Checks.require(
          inputs.get(2).dtype() == inputs.get(0).dtype()
              && inputs.get(3).dtype() == inputs.get(1).dtype(),
          "zero points must have the types of what they belong to");
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return MatMulEvaluation.evaluate(this, inputs, output, rounding);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return (long) outputs.getFirst().elements()
        * inputs.get(0).shape().dim(transposeFirst ? -2 : -1);
  }
}
