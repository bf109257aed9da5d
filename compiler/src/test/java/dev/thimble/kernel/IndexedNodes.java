package dev.thimble.kernel;

import dev.thimble.op.BatchToSpace;
import dev.thimble.op.CumulativeSum;
import dev.thimble.op.DepthToSpace;
import dev.thimble.op.GatherElements;
import dev.thimble.op.GatherNd;
import dev.thimble.op.OneHot;
import dev.thimble.op.Resize;
import dev.thimble.op.Reverse;
import dev.thimble.op.ReverseSequence;
import dev.thimble.op.ScatterElements;
import dev.thimble.op.ScatterNd;
import dev.thimble.op.ScatterReduction;
import dev.thimble.op.SpaceToBatch;
import dev.thimble.op.SpaceToDepth;
import dev.thimble.op.TopK;
import dev.thimble.op.Triangle;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random nodes that find elements by indices, in order or in blocks, and those that resize. */
final class IndexedNodes {
  private final PositionalNodes nodes;
  private final SplittableRandom random;
  private final RandomTensors tensors;

  IndexedNodes(PositionalNodes nodes, SplittableRandom random, RandomTensors tensors) {
    this.nodes = nodes;
    this.random = random;
    this.tensors = tensors;
  }

  /** A node of each op on elements of this type. */
  void add(DType dtype) {
    gatherNd(dtype);
    gatherElements(dtype);
    for (ScatterReduction reduction : ScatterReduction.values()) {
      scatter(dtype, reduction);
    }
    oneHot(dtype);
    blocks(dtype);
    batches(dtype);
    reverse(dtype);
    topK(dtype);
    cumulativeSum(dtype);
    nodes.add(
        new Triangle(random.nextBoolean(), random.nextInt(-4, 5)),
        tensors.type(dtype, nodes.dims(random.nextInt(2, 5))));
    for (Resize.Coordinates coordinates : Resize.Coordinates.values()) {
      for (Resize.Mode mode : Resize.Mode.values()) {
        resize(dtype, mode, coordinates);
      }
    }
  }

  private void gatherNd(DType dtype) {
    TensorType data = nodes.type(dtype);
    int batchAxes = random.nextInt(data.shape().rank());
    int vector = random.nextInt(1, data.shape().rank() - batchAxes + 1);
    int[] dims = nodes.dims(batchAxes + random.nextInt(2) + 1);
    System.arraycopy(data.shape().dims(), 0, dims, 0, batchAxes);
    dims[dims.length - 1] = vector;
    nodes.add(new GatherNd(batchAxes), List.of(tensors.fill(data), nodes.indices(5, dims)), data);
  }

  private int[] smaller(Shape data, int axis) {
    int[] dims = data.dims();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i == axis ? random.nextInt(1, 6) : random.nextInt(1, dims[i] + 1);
    }
    return dims;
  }

  private void gatherElements(DType dtype) {
    TensorType data = nodes.type(dtype);
    int axis = random.nextInt(data.shape().rank());
    Tensor indices = nodes.indices(data.shape().dim(axis), smaller(data.shape(), axis));
    nodes.add(new GatherElements(axis), List.of(tensors.fill(data), indices), data);
  }

  private void scatter(DType dtype, ScatterReduction reduction) {
    boolean computes = reduction == ScatterReduction.ADD || reduction == ScatterReduction.MUL;
    if (computes && dtype == DType.BOOL) {
      return;
    }
    TensorType type = nodes.type(dtype);
    TensorType data = computes ? TensorType.of(dtype, type.shape()) : type;
    int axis = random.nextInt(data.shape().rank());
    Tensor indices = nodes.indices(data.shape().dim(axis), smaller(data.shape(), axis));
    nodes.add(
        new ScatterElements(axis, reduction),
        List.of(tensors.fill(data), indices, tensors.fill(data.withShape(indices.shape()))),
        data);
    int[] dims = data.shape().dims();
    int vector = random.nextInt(1, dims.length + 1);
    Tensor vectors = nodes.indices(4, random.nextInt(1, 6), vector);
    int[] updates = Arrays.copyOfRange(dims, vector - 1, dims.length);
    updates[0] = vectors.shape().dim(0);
    nodes.add(
        new ScatterNd(reduction),
        List.of(tensors.fill(data), vectors, tensors.fill(data.withShape(Shape.of(updates)))),
        data);
  }

  private void oneHot(DType dtype) {
    Tensor indices = nodes.indices(4, nodes.dims(random.nextInt(4)));
    TensorType values = tensors.type(dtype, 2);
    OneHot op = new OneHot(random.nextInt(indices.shape().rank() + 1), 4, random.nextBoolean());
    nodes.add(op, List.of(indices, tensors.fill(values)), values);
  }

  private void blocks(DType dtype) {
    for (DepthToSpace.Mode mode : DepthToSpace.Mode.values()) {
      int block = random.nextInt(1, 4);
      int[] dims = nodes.dims(4);
      int[] deep = dims.clone();
      deep[3] *= block * block;
      nodes.add(new DepthToSpace(block, mode), tensors.type(dtype, deep));
      int[] wide = dims.clone();
      wide[1] *= block;
      wide[2] *= block;
      nodes.add(new SpaceToDepth(block, mode), tensors.type(dtype, wide));
    }
  }

  private void batches(DType dtype) {
    int axes = random.nextInt(1, 3);
    int[] dims = nodes.dims(axes + 1 + random.nextInt(2));
    List<Integer> block = new ArrayList<>();
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    boolean bare = random.nextBoolean();
    int blocks = 1;
    int[] few = dims.clone();
    for (int i = 0; i < axes; i++) {
      block.add(random.nextInt(1, 4));
      before.add(bare ? 0 : random.nextInt(dims[i + 1] * block.get(i)));
      int most = dims[i + 1] * block.get(i) - before.get(i);
      after.add(bare ? 0 : random.nextInt(most));
      blocks *= block.get(i);
      few[i + 1] = dims[i + 1] * block.get(i) - before.get(i) - after.get(i);
    }
    nodes.add(new SpaceToBatch(block, before, after, 1), tensors.type(dtype, few));
    dims[0] *= blocks;
    nodes.add(new BatchToSpace(block, before, after), tensors.type(dtype, dims));
  }

  private void reverse(DType dtype) {
    TensorType type = nodes.type(dtype);
    nodes.add(
        new Reverse(
            IntStream.range(0, type.shape().rank())
                .filter(axis -> random.nextBoolean())
                .boxed()
                .toList()),
        type);
    TensorType data = tensors.type(dtype, nodes.dims(random.nextInt(2, 5)));
    int axis = random.nextInt(data.shape().rank());
    int batch = (axis + 1) % data.shape().rank();
    Tensor lengths = nodes.indices(data.shape().dim(axis), data.shape().dim(batch));
    nodes.add(new ReverseSequence(axis, batch), List.of(tensors.fill(data), lengths), data);
  }

  private void topK(DType dtype) {
    TensorType type = nodes.type(dtype);
    int axis = random.nextInt(type.shape().rank());
    int count = random.nextInt(1, type.shape().dim(axis) + 1);
    boolean largest = random.nextBoolean();
    Tensor data = tensors.fill(type);
    nodes.add(new TopK(TopK.Result.VALUES, axis, count, largest), List.of(data), type);
    TopK indices = new TopK(TopK.Result.INDICES, axis, count, largest);
    DType wide = random.nextBoolean() ? DType.INT32 : DType.INT64;
    nodes.addTo(indices, List.of(data), TensorType.of(wide, indices.outputShape(List.of(type))));
  }

  private void cumulativeSum(DType dtype) {
    if (dtype == DType.BOOL) {
      return;
    }
    int[] dims = nodes.dims(random.nextInt(1, 5));
    TensorType type =
        dtype == DType.INT8 ? tensors.type(dtype, dims) : TensorType.of(dtype, Shape.of(dims));
    int axis = random.nextInt(dims.length);
    CumulativeSum op = new CumulativeSum(axis, random.nextBoolean(), random.nextBoolean());
    nodes.addTo(
        op, List.of(tensors.fill(type)), dtype == DType.INT8 ? tensors.type(dtype, dims) : type);
  }

  private void resize(DType dtype, Resize.Mode mode, Resize.Coordinates coordinates) {
    boolean lite = coordinates.isLite();
    boolean integers = dtype == DType.INT8 && lite && mode == Resize.Mode.LINEAR;
    boolean serves = mode == Resize.Mode.NEAREST || dtype == DType.FLOAT32 || integers;
    if (!serves || (lite && mode == Resize.Mode.CUBIC)) {
      return;
    }
    int[] dims = nodes.dims(lite ? 4 : random.nextInt(1, 5));
    List<Integer> extents = new ArrayList<>();
    List<Double> scales = new ArrayList<>();
    List<Double> regions = new ArrayList<>();
    boolean crops = coordinates == Resize.Coordinates.TF_CROP_AND_RESIZE;
    for (int axis = 0; axis < dims.length; axis++) {
      boolean kept = lite ? axis == 0 || axis == 3 : random.nextInt(3) == 0;
      extents.add(kept ? dims[axis] : random.nextInt(1, 9));
      scales.add(extents.get(axis) / (double) dims[axis]);
    }
    for (int i = 0; crops && i < 2 * dims.length; i++) {
      regions.add(i < dims.length ? random.nextDouble(-0.3, 0.5) : random.nextDouble(0.5, 1.3));
    }
    Resize.Nearest nearest = Resize.Nearest.values()[random.nextInt(4)];
    Resize op =
        new Resize(
            mode,
            coordinates,
            nearest,
            extents,
            scales,
            -0.75,
            random.nextBoolean(),
            regions,
            dtype == DType.BOOL ? 1 : 7);
    nodes.add(op, tensors.type(dtype, dims));
  }
}
