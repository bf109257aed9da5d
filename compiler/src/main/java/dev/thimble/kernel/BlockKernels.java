package dev.thimble.kernel;

import dev.thimble.op.BatchToSpace;
import dev.thimble.op.DepthToSpace;
import dev.thimble.op.SpaceToBatch;
import dev.thimble.op.SpaceToDepth;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Portable kernels that exchange pixels with channels or with batch entries, in blocks. */
final class BlockKernels {
  private BlockKernels() {}

  static Kernel depthToSpace(DepthToSpace op, KernelRequest request) {
    Shape pixels = request.output().shape();
    Places places = places(pixels, request.input().shape(), op.block(), op.mode());
    Moves moves = PositionalKernels.empty(request);
    moves.add(0, 0, 0, places.extents(), places.channels(), places.pixels());
    return PositionalKernels.moves(request, moves);
  }

  static Kernel spaceToDepth(SpaceToDepth op, KernelRequest request) {
    Shape pixels = request.input().shape();
    Places places = places(pixels, request.output().shape(), op.block(), op.mode());
    Moves moves = PositionalKernels.empty(request);
    moves.add(0, 0, 0, places.extents(), places.pixels(), places.channels());
    return PositionalKernels.moves(request, moves);
  }

  /** Loops over both maps, with the strides of each. */
  private record Places(int[] extents, int[] pixels, int[] channels) {}

  private static Places places(Shape pixels, Shape channels, int block, DepthToSpace.Mode mode) {
    int[] p = Moves.strides(pixels);
    int[] c = Moves.strides(channels);
    int depth = pixels.dim(3);
    int inBlock = mode == DepthToSpace.Mode.DCR ? depth : 1;
    int channel = mode == DepthToSpace.Mode.DCR ? 1 : block * block;
    return new Places(
        new int[] {channels.dim(0), channels.dim(1), block, channels.dim(2), block, depth},
        new int[] {p[0], p[1] * block, p[1], p[2] * block, p[2], 1},
        new int[] {c[0], c[1], block * inBlock, c[2], inBlock, channel});
  }

  static Kernel batchToSpace(BatchToSpace op, KernelRequest request) {
    Moves moves = PositionalKernels.empty(request);
    Shape few = request.output().shape();
    Shape many = request.input().shape();
    for (Box box : boxes(few, many, op.block(), op.cropsBefore(), op.cropsAfter())) {
      moves.add(0, box.many(), box.few(), box.extents(), box.manyStrides(), box.fewStrides());
    }
    return PositionalKernels.moves(request, moves);
  }

  static Kernel spaceToBatch(SpaceToBatch op, KernelRequest request) {
    Moves moves = PositionalKernels.empty(request);
    Shape few = request.input().shape();
    Shape many = request.output().shape();
    for (Box box : boxes(few, many, op.block(), op.before(), op.after())) {
      moves.add(0, box.few(), box.many(), box.extents(), box.fewStrides(), box.manyStrides());
    }
    boolean bordered =
        Stream.concat(op.before().stream(), op.after().stream()).anyMatch(n -> n > 0);
    return bordered
        ? PositionalKernels.filled(request, moves, op.value())
        : PositionalKernels.moves(request, moves);
  }

  /** Elements that lie regularly in the maps of few and of many batch entries. */
  private record Box(long few, long many, int[] extents, int[] fewStrides, int[] manyStrides) {}

  /** Without borders a single box; else one for each place in a block. */
  private static List<Box> boxes(
      Shape few, Shape many, List<Integer> block, List<Integer> before, List<Integer> after) {
    boolean bare = Stream.concat(before.stream(), after.stream()).allMatch(n -> n == 0);
    if (bare) {
      return List.of(box(few, many, block));
    }
    int places = many.dim(0) / few.dim(0);
    return IntStream.range(0, places)
        .mapToObj(place -> box(few, many, block, before, place))
        .toList();
  }

  private static Box box(Shape few, Shape many, List<Integer> block) {
    int rank = few.rank();
    int axes = block.size();
    int[] f = Moves.strides(few);
    int[] m = Moves.strides(many);
    int[] extents = new int[rank + axes];
    int[] fewStrides = new int[rank + axes];
    int[] manyStrides = new int[rank + axes];
    int batch = few.dim(0);
    for (int i = axes - 1; i >= 0; i--) {
      extents[i] = block.get(i);
      fewStrides[i] = f[i + 1];
      manyStrides[i] = batch * m[0];
      batch *= block.get(i);
    }
    for (int axis = 0; axis < rank; axis++) {
      boolean blocked = axis > 0 && axis <= axes;
      extents[axes + axis] = axis == 0 ? few.dim(0) : many.dim(axis);
      fewStrides[axes + axis] = blocked ? f[axis] * block.get(axis - 1) : f[axis];
      manyStrides[axes + axis] = m[axis];
    }
    return new Box(0, 0, extents, fewStrides, manyStrides);
  }

  /** The elements at one place of the blocks. */
  private static Box box(
      Shape few, Shape many, List<Integer> block, List<Integer> before, int place) {
    int[] fewStrides = Moves.strides(few);
    int[] manyStrides = Moves.strides(many);
    int[] extents = few.dims();
    long fewFirst = 0;
    long manyFirst = (long) place * few.dim(0) * manyStrides[0];
    for (int i = block.size() - 1; i >= 0; i--) {
      int axis = i + 1;
      int inBlock = place % block.get(i) - before.get(i);
      place /= block.get(i);
      int first = Math.max(0, Math.ceilDiv(-inBlock, block.get(i)));
      int last = Math.floorDiv(few.dim(axis) - 1 - inBlock, block.get(i));
      extents[axis] = Math.max(0, Math.min(last, many.dim(axis) - 1) - first + 1);
      fewFirst += (long) (first * block.get(i) + inBlock) * fewStrides[axis];
      manyFirst += (long) first * manyStrides[axis];
      fewStrides[axis] *= block.get(i);
    }
    return new Box(fewFirst, manyFirst, extents, fewStrides, manyStrides);
  }
}
