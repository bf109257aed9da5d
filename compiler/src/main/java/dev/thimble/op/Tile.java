package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * A tensor laid side by side with itself, {@code repeats[axis]} times along each axis. Elements of
 * any type. Source: TFLite and ONNX TILE.
 */
public record Tile(List<Integer> repeats) implements PositionalOp {
  public Tile {
    repeats = List.copyOf(repeats);
    Checks.require(repeats.stream().allMatch(n -> n > 0), "repeats must be > 0, were " + repeats);
  }

  @Override
  public String kind() {
    return "tile";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), repeats.size());
    int[] dims = inputs.get(0).shape().dims();
    for (int axis = 0; axis < dims.length; axis++) {
      long extent = (long) dims[axis] * repeats.get(axis);
      Checks.require(extent <= Integer.MAX_VALUE, "axis " + axis + " gets too long");
      dims[axis] = (int) extent;
    }
    return Shape.of(dims);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Shape from = inputs.get(0).shape();
    int[] strides = Strides.rowMajor(from);
    int[] outer = Strides.rowMajor(output.shape());
    int[] sources = new int[output.elements()];
    for (int i = 0; i < sources.length; i++) {
      for (int axis = 0; axis < strides.length; axis++) {
        int entry = i / outer[axis] % output.shape().dim(axis);
        sources[i] += entry % from.dim(axis) * strides[axis];
      }
    }
    return Relocation.gather(inputs.get(0), output, sources);
  }
}
