package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** The entries of some axes in reverse order. Elements of any type. Source: TFLite REVERSE_V2. */
public record Reverse(List<Integer> axes) implements PositionalOp {
  public Reverse {
    axes = List.copyOf(axes);
    PositionalOp.requireAxes(axes);
  }

  @Override
  public String kind() {
    return "reverse";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    axes.forEach(axis -> Axes.require(axis, inputs.get(0).shape()));
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] strides = Strides.rowMajor(output.shape());
    int last = 0;
    for (int axis : axes) {
      last += (output.shape().dim(axis) - 1) * strides[axis];
      strides[axis] = -strides[axis];
    }
    int[] sources = Strides.offsets(output.shape(), strides);
    for (int i = 0; i < sources.length; i++) {
      sources[i] += last;
    }
    return Relocation.gather(inputs.get(0), output, sources);
  }
}
