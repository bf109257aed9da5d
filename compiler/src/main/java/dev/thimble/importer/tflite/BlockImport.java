package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.BatchToSpace;
import dev.thimble.op.DepthToSpace;
import dev.thimble.op.Resize;
import dev.thimble.op.SpaceToBatch;
import dev.thimble.op.SpaceToDepth;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.DepthToSpaceOptions;
import org.tensorflow.lite.schema.ResizeBilinearOptions;
import org.tensorflow.lite.schema.ResizeNearestNeighborOptions;
import org.tensorflow.lite.schema.SpaceToDepthOptions;

/** The operators that exchange pixels with channels or batches, and those that resize maps. */
final class BlockImport {
  private BlockImport() {}

  static Node depthToSpace(Operands at) {
    at.require(1, 1);
    DepthToSpaceOptions options =
        at.requiredOptions(BuiltinOptions.DepthToSpaceOptions, new DepthToSpaceOptions());
    int block = at.read(options::blockSize);
    return MoveImport.moved(at, () -> new DepthToSpace(block, DepthToSpace.Mode.DCR));
  }

  static Node spaceToDepth(Operands at) {
    at.require(1, 1);
    SpaceToDepthOptions options =
        at.requiredOptions(BuiltinOptions.SpaceToDepthOptions, new SpaceToDepthOptions());
    int block = at.read(options::blockSize);
    return MoveImport.moved(at, () -> new SpaceToDepth(block));
  }

  /** Block sizes and borders, constants both. */
  private record Blocks(List<Integer> block, List<Integer> before, List<Integer> after) {
    static Blocks of(Operands at, String borders) {
      at.require(3, 3);
      List<Integer> block = MoveImport.ints(at, at.integers(1, "block shape"));
      List<Integer> pairs = MoveImport.ints(at, at.integers(2, borders));
      if (pairs.size() != 2 * block.size()) {
        throw at.malformed("has " + borders + " " + pairs + " for " + block.size() + " axes");
      }
      List<Integer> before = new ArrayList<>();
      List<Integer> after = new ArrayList<>();
      for (int i = 0; i < pairs.size(); i++) {
        (i % 2 == 0 ? before : after).add(pairs.get(i));
      }
      return new Blocks(block, before, after);
    }
  }

  static Node batchToSpace(Operands at) {
    Blocks blocks = Blocks.of(at, "crops");
    return MoveImport.moved(
        at, () -> new BatchToSpace(blocks.block(), blocks.before(), blocks.after()));
  }

  static Node spaceToBatch(Operands at) {
    Blocks blocks = Blocks.of(at, "paddings");
    double zero = ShapeImport.zero(at.output().type());
    return MoveImport.moved(
        at, () -> new SpaceToBatch(blocks.block(), blocks.before(), blocks.after(), zero));
  }

  static Node resizeBilinear(Operands at) {
    ResizeBilinearOptions options = new ResizeBilinearOptions();
    boolean stored = at.options(BuiltinOptions.ResizeBilinearOptions, options).isPresent();
    return resize(
        at,
        Resize.Mode.LINEAR,
        stored && at.read(options::alignCorners),
        stored && at.read(options::halfPixelCenters));
  }

  static Node resizeNearest(Operands at) {
    ResizeNearestNeighborOptions options = new ResizeNearestNeighborOptions();
    boolean stored = at.options(BuiltinOptions.ResizeNearestNeighborOptions, options).isPresent();
    return resize(
        at,
        Resize.Mode.NEAREST,
        stored && at.read(options::alignCorners),
        stored && at.read(options::halfPixelCenters));
  }

  private static Node resize(Operands at, Resize.Mode mode, boolean aligned, boolean centred) {
    at.require(2, 2);
    Shape input = at.input(0).type().shape();
    Shape output = at.output().type().shape();
    List<Integer> size = MoveImport.ints(at, at.integers(1, "size"));
    boolean maps = input.rank() == 4 && output.rank() == 4;
    if (!maps || !size.equals(List.of(output.dim(1), output.dim(2)))) {
      throw at.malformed("resizes " + input + " to " + size + ", its output is " + output);
    }
    if (input.dim(0) != output.dim(0) || input.dim(3) != output.dim(3)) {
      throw at.malformed("resizes " + input + " to " + output);
    }
    if (aligned && centred) {
      throw new UnsupportedNode("aligned corners of half pixels", "one of the two at most");
    }
    Resize.Coordinates coordinates =
        aligned
            ? Resize.Coordinates.LITE_ALIGN_CORNERS
            : centred ? Resize.Coordinates.LITE_HALF_PIXEL : Resize.Coordinates.LITE;
    return at.node(
        () -> Resize.lite(mode, coordinates, input, output),
        "float32, or int8 with one scale and zero point for input and output; nearest of any type",
        List.of(at.output()),
        List.of(at.input(0)));
  }
}
