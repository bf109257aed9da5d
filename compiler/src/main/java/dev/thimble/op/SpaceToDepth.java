package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Blocks of pixels gathered into channels, the inverse of {@link DepthToSpace}: [N,H,W,C] to
 * [N,H/b,W/b,C*b*b]. Elements of any type. Source: TFLite SPACE_TO_DEPTH; ONNX SpaceToDepth.
 */
public record SpaceToDepth(int block, DepthToSpace.Mode mode) implements PositionalOp {
  public SpaceToDepth {
    Checks.require(block > 0, "block must be > 0, was " + block);
  }

  /** With the place in the block as the outer part of a channel's number. */
  public SpaceToDepth(int block) {
    this(block, DepthToSpace.Mode.DCR);
  }

  @Override
  public String kind() {
    return "space_to_depth";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), 4);
    Shape in = inputs.get(0).shape();
    Checks.require(
        in.dim(1) % block == 0 && in.dim(2) % block == 0,
        "the pixels of " + in + " do not fill blocks of " + block + " x " + block);
    return Shape.of(in.dim(0), in.dim(1) / block, in.dim(2) / block, in.dim(3) * block * block);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] places = DepthToSpace.places(inputs.get(0).shape(), output.shape(), block, mode);
    int[] sources = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      sources[places[i]] = i;
    }
    return Relocation.gather(inputs.get(0), output, sources);
  }
}
