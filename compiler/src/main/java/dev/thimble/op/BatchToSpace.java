package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Batch entries spread over blocks of the axes that follow the batch: [N*B, S…, rest…] to [N,
 * S*block - crops…, rest…], where B is the product of {@code block}, which has a number for each of
 * these axes. Elements of any type. Source: TFLite BATCH_TO_SPACE_ND.
 */
public record BatchToSpace(List<Integer> block, List<Integer> cropsBefore, List<Integer> cropsAfter)
    implements PositionalOp {
  public BatchToSpace {
    block = List.copyOf(block);
    cropsBefore = List.copyOf(cropsBefore);
    cropsAfter = List.copyOf(cropsAfter);
    requireBlocks(block, cropsBefore, cropsAfter);
  }

  static void requireBlocks(List<Integer> block, List<Integer> before, List<Integer> after) {
    Checks.require(
        !block.isEmpty() && before.size() == block.size() && after.size() == block.size(),
        "block and both borders must list the same axes");
    Checks.require(block.stream().allMatch(n -> n > 0), "block must be > 0, was " + block);
    Checks.require(
        before.stream().allMatch(n -> n >= 0) && after.stream().allMatch(n -> n >= 0),
        "borders must be >= 0, were " + before + " and " + after);
  }

  @Override
  public String kind() {
    return "batch_to_space";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape shape = inputs.get(0).shape();
    int blocks = block.stream().reduce(1, (a, b) -> a * b);
    Checks.require(
        shape.rank() > block.size() && shape.dim(0) % blocks == 0,
        "input " + shape + " has no batches for blocks of " + block);
    int[] dims = shape.dims();
    dims[0] /= blocks;
    for (int i = 0; i < block.size(); i++) {
      dims[i + 1] = dims[i + 1] * block.get(i) - cropsBefore.get(i) - cropsAfter.get(i);
    }
    return Shape.of(dims);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] sources = places(output.shape(), inputs.get(0).shape(), block, cropsBefore);
    return Relocation.gather(inputs.get(0), output, sources);
  }

  /** For each element of the map of few batches, the element of the map of many. */
  static int[] places(Shape few, Shape many, List<Integer> block, List<Integer> before) {
    int[] fewStrides = Strides.rowMajor(few);
    int[] manyStrides = Strides.rowMajor(many);
    int[] places = new int[few.elements()];
    for (int i = 0; i < places.length; i++) {
      int batch = 0;
      for (int axis = 1; axis < few.rank(); axis++) {
        int entry = i / fewStrides[axis] % few.dim(axis);
        if (axis <= block.size()) {
          int shifted = entry + before.get(axis - 1);
          batch = batch * block.get(axis - 1) + shifted % block.get(axis - 1);
          entry = shifted / block.get(axis - 1);
        }
        places[i] += entry * manyStrides[axis];
      }
      places[i] += (batch * few.dim(0) + i / fewStrides[0]) * manyStrides[0];
    }
    return places;
  }
}
