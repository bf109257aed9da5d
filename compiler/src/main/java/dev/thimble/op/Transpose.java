package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The axes in another order: axis {@code i} of the output is axis {@code permutation[i]} of the
 * input. Elements of any type. Source: TFLite and ONNX TRANSPOSE.
 */
public record Transpose(List<Integer> permutation) implements PositionalOp {
  public Transpose {
    permutation = List.copyOf(permutation);
    List<Integer> axes = IntStream.range(0, permutation.size()).boxed().toList();
    Checks.require(
        permutation.stream().sorted().toList().equals(axes),
        "a permutation must list every axis once, was " + permutation);
  }

  @Override
  public String kind() {
    return "transpose";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), permutation.size());
    return Shape.of(permutation.stream().mapToInt(inputs.get(0).shape()::dim).toArray());
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] from = Strides.rowMajor(inputs.get(0).shape());
    int[] strides = permutation.stream().mapToInt(axis -> from[axis]).toArray();
    return Relocation.gather(inputs.get(0), output, Strides.offsets(output.shape(), strides));
  }
}
