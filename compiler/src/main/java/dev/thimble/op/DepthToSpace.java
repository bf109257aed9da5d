package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Channels spread over blocks of pixels: [N,H,W,C] to [N,H*b,W*b,C/(b*b)]. Elements of any type.
 * Source: TFLite DEPTH_TO_SPACE; ONNX DepthToSpace.
 */
public record DepthToSpace(int block, Mode mode) implements PositionalOp {
  /** How a channel's number is made of a place in the block and a channel of the other map. */
  public enum Mode {
    /** The place in the block is outer: TFLite, ONNX by default. */
    DCR,
    /** The channel is outer, as PyTorch shuffles pixels. */
    CRD
  }

  public DepthToSpace {
    Checks.require(block > 0, "block must be > 0, was " + block);
  }

  @Override
  public String kind() {
    return "depth_to_space";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), 4);
    Shape in = inputs.get(0).shape();
    Checks.require(
        in.dim(3) % (block * block) == 0,
        "the channels of " + in + " do not fill blocks of " + block + " x " + block);
    return Shape.of(in.dim(0), in.dim(1) * block, in.dim(2) * block, in.dim(3) / (block * block));
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return Relocation.gather(
        inputs.get(0), output, places(output.shape(), inputs.get(0).shape(), block, mode));
  }

  /** For each element of the map of many pixels the element of the map of many channels. */
  static int[] places(Shape pixels, Shape channels, int block, Mode mode) {
    int depth = pixels.dim(3);
    int[] places = new int[pixels.elements()];
    for (int i = 0; i < places.length; i++) {
      int c = i % depth;
      int x = i / depth % pixels.dim(2);
      int row = i / depth / pixels.dim(2);
      int y = row % pixels.dim(1);
      int n = row / pixels.dim(1);
      int inBlock = y % block * block + x % block;
      int channel =
          switch (mode) {
            case DCR -> inBlock * depth + c;
            case CRD -> c * block * block + inBlock;
          };
      int pixel = (n * channels.dim(1) + y / block) * channels.dim(2) + x / block;
      places[i] = pixel * channels.dim(3) + channel;
    }
    return places;
  }
}
