package dev.thimble.exporter;

import dev.thimble.op.BatchToSpace;
import dev.thimble.op.DepthToSpace;
import dev.thimble.op.SpaceToBatch;
import dev.thimble.op.SpaceToDepth;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.lite.schema.BatchToSpaceNDOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.DepthToSpaceOptionsT;
import org.tensorflow.lite.schema.SpaceToBatchNDOptionsT;
import org.tensorflow.lite.schema.SpaceToDepthOptionsT;

/** The operators that exchange pixels with channels or batches. */
final class BlockExport {
  private BlockExport() {}

  static void depthToSpace(Operator at, DepthToSpace op) {
    requireOuterPlaces(op.mode());
    DepthToSpaceOptionsT options = new DepthToSpaceOptionsT();
    options.setBlockSize(op.block());
    at.write(
        BuiltinOperator.DEPTH_TO_SPACE,
        at.version(1, 2, 2),
        BuiltinOptions.DepthToSpaceOptions,
        options,
        at.input(0));
  }

  static void spaceToDepth(Operator at, SpaceToDepth op) {
    requireOuterPlaces(op.mode());
    SpaceToDepthOptionsT options = new SpaceToDepthOptionsT();
    options.setBlockSize(op.block());
    at.write(
        BuiltinOperator.SPACE_TO_DEPTH,
        at.version(1, 2, 2),
        BuiltinOptions.SpaceToDepthOptions,
        options,
        at.input(0));
  }

  private static void requireOuterPlaces(DepthToSpace.Mode mode) {
    if (mode != DepthToSpace.Mode.DCR) {
      throw new UnsupportedExport("channels in PyTorch's order");
    }
  }

  static void batchToSpace(Operator at, BatchToSpace op) {
    at.write(
        BuiltinOperator.BATCH_TO_SPACE_ND,
        at.version(1, 2, 3),
        BuiltinOptions.BatchToSpaceNDOptions,
        new BatchToSpaceNDOptionsT(),
        at.input(0),
        at.to().integers(at.name("/block"), op.block()),
        borders(at, "/crops", op.cropsBefore(), op.cropsAfter()));
  }

  static void spaceToBatch(Operator at, SpaceToBatch op) {
    TensorType type = at.type();
    if (op.value() != (type.isQuantized() ? type.zeroPoint() : 0)) {
      throw new UnsupportedExport("a border of " + op.value());
    }
    at.write(
        BuiltinOperator.SPACE_TO_BATCH_ND,
        at.version(1, 2, 3),
        BuiltinOptions.SpaceToBatchNDOptions,
        new SpaceToBatchNDOptionsT(),
        at.input(0),
        at.to().integers(at.name("/block"), op.block()),
        borders(at, "/paddings", op.before(), op.after()));
  }

  private static int borders(
      Operator at, String suffix, List<Integer> before, List<Integer> after) {
    List<Integer> pairs = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      pairs.add(before.get(i));
      pairs.add(after.get(i));
    }
    return at.to().integers(at.name(suffix), Shape.of(before.size(), 2), pairs);
  }
}
