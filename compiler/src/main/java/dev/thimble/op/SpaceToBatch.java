package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * Blocks of the axes that follow the batch gathered into batch entries, after a border of one
 * stored number, {@code value}: the inverse of {@link BatchToSpace}. Elements of any type. Source:
 * TFLite SPACE_TO_BATCH_ND.
 */
public record SpaceToBatch(
    List<Integer> block, List<Integer> before, List<Integer> after, double value)
    implements PositionalOp {
  public SpaceToBatch {
    block = List.copyOf(block);
    before = List.copyOf(before);
    after = List.copyOf(after);
    BatchToSpace.requireBlocks(block, before, after);
    Checks.require(!Double.isNaN(value), "the value is not a number");
  }

  @Override
  public String kind() {
    return "space_to_batch";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape shape = inputs.get(0).shape();
    Checks.require(
        shape.rank() > block.size(), "input " + shape + " lacks axes for blocks of " + block);
    int[] dims = shape.dims();
    for (int i = 0; i < block.size(); i++) {
      int extent = dims[i + 1] + before.get(i) + after.get(i);
      Checks.require(
          extent % block.get(i) == 0,
          "axis " + (i + 1) + " of " + shape + ", with its border, does not fill blocks");
      dims[i + 1] = extent / block.get(i);
      dims[0] *= block.get(i);
    }
    return Shape.of(dims);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
    Checks.storable(value, output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] places = BatchToSpace.places(inputs.get(0).shape(), output.shape(), block, before);
    int[] sources = new int[output.elements()];
    Arrays.fill(sources, Relocation.NOWHERE);
    for (int i = 0; i < places.length; i++) {
      sources[places[i]] = i;
    }
    return Relocation.gather(inputs.get(0), output, sources, value);
  }
}
