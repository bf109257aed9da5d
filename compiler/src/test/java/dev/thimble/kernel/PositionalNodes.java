package dev.thimble.kernel;

import dev.thimble.op.ArgReduce;
import dev.thimble.op.Concat;
import dev.thimble.op.Expand;
import dev.thimble.op.Gather;
import dev.thimble.op.Pad;
import dev.thimble.op.Reduce;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Slice;
import dev.thimble.op.Tile;
import dev.thimble.op.Transpose;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Random nodes that treat elements by where they stand, with data of any type. */
final class PositionalNodes {
  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final Rounding rounding;
  private final List<KernelCase> cases = new ArrayList<>();

  PositionalNodes(SplittableRandom random, Rounding rounding) {
    this.random = random;
    this.tensors = new RandomTensors(random);
    this.rounding = rounding;
  }

  /** A node of each op on elements of this type. */
  List<KernelCase> next(DType dtype) {
    cases.clear();
    transpose(dtype);
    concat(dtype);
    concat(dtype);
    slice(dtype);
    slice(dtype);
    repeat(dtype);
    gather(dtype);
    for (ArgReduce.Function function : ArgReduce.Function.values()) {
      argReduce(dtype, function);
    }
    for (Pad.Mode mode : Pad.Mode.values()) {
      pad(dtype, mode);
    }
    for (Reduce.Function function : Reduce.Function.values()) {
      reduce(dtype, function);
    }
    new IndexedNodes(this, random, tensors).add(dtype);
    return List.copyOf(cases);
  }

  int[] dims(int rank) {
    return IntStream.range(0, rank).map(axis -> random.nextInt(1, 6)).toArray();
  }

  TensorType type(DType dtype) {
    return tensors.type(dtype, dims(random.nextInt(1, 6)));
  }

  private List<Integer> each(TensorType type, IntUnaryOperator ofExtent) {
    return IntStream.of(type.shape().dims()).map(ofExtent).boxed().toList();
  }

  void add(SingleOutputOp op, TensorType input) {
    add(op, List.of(tensors.fill(input)), input);
  }

  /** A node whose output has its first input's elements. */
  void add(SingleOutputOp op, List<Tensor> inputs, TensorType like) {
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    addTo(op, inputs, like.withShape(op.outputShape(types)));
  }

  void addTo(SingleOutputOp op, List<Tensor> inputs, TensorType output) {
    op.check(inputs.stream().map(Tensor::type).toList(), List.of(output));
    cases.add(KernelCase.of(RandomTensors.computed(op, inputs, output, rounding), inputs));
  }

  private void transpose(DType dtype) {
    TensorType input = type(dtype);
    List<Integer> permutation = new ArrayList<>();
    for (int axis = 0; axis < input.shape().rank(); axis++) {
      permutation.add(axis);
    }
    Collections.shuffle(permutation, new Random(random.nextLong()));
    add(new Transpose(permutation), input);
  }

  private void concat(DType dtype) {
    TensorType first = random.nextBoolean() ? tensors.type(dtype, dims(4)) : type(dtype);
    int axis = random.nextInt(first.shape().rank());
    List<Tensor> inputs = new ArrayList<>(List.of(tensors.fill(first)));
    for (int more = random.nextInt(4); more > 0; more--) {
      Shape shape = first.shape().with(axis, random.nextInt(1, 6));
      inputs.add(tensors.fill(first.withShape(shape)));
    }
    add(new Concat(axis), inputs, first);
  }

  private void slice(DType dtype) {
    TensorType input = random.nextBoolean() ? tensors.type(dtype, dims(4)) : type(dtype);
    List<Integer> begin = new ArrayList<>();
    List<Integer> extents = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    for (int axis = 0; axis < input.shape().rank(); axis++) {
      int extent = input.shape().dim(axis);
      boolean all = random.nextInt(3) == 0;
      int step = all ? 1 : random.nextInt(1, 4) * (random.nextInt(4) == 0 ? -1 : 1);
      int first = all ? 0 : random.nextInt(extent);
      int most = step > 0 ? (extent - 1 - first) / step + 1 : first / -step + 1;
      begin.add(first);
      extents.add(all ? extent : random.nextInt(1, most + 1));
      steps.add(step);
    }
    add(new Slice(begin, extents, steps), input);
  }

  private void repeat(DType dtype) {
    TensorType input = type(dtype);
    add(new Tile(each(input, extent -> random.nextInt(1, 4))), input);
    int[] dims = dims(5);
    int[] from = Arrays.copyOfRange(dims, random.nextInt(5), 5);
    for (int axis = 0; axis < from.length; axis++) {
      from[axis] = random.nextBoolean() ? 1 : from[axis];
    }
    add(new Expand(Shape.of(dims)), tensors.type(dtype, from));
  }

  private void gather(DType dtype) {
    TensorType input = type(dtype);
    int axis = random.nextInt(input.shape().rank());
    int batchAxes = random.nextInt(axis + 1);
    int[] dims = dims(batchAxes + random.nextInt(3));
    for (int i = 0; i < batchAxes; i++) {
      dims[i] = input.shape().dim(i);
    }
    add(
        new Gather(axis, batchAxes),
        List.of(tensors.fill(input), indices(input.shape().dim(axis), dims)),
        input);
  }

  /** Indices of an axis; some count from its end, some lie outside of it. */
  Tensor indices(int extent, int... dims) {
    DType dtype = random.nextBoolean() ? DType.INT32 : DType.INT64;
    long[] values = random.longs(Shape.of(dims).elements(), -extent - 1L, extent + 1L).toArray();
    return Tensor.ofLongs(TensorType.of(dtype, Shape.of(dims)), values);
  }

  private void argReduce(DType dtype, ArgReduce.Function function) {
    TensorType input = type(dtype);
    ArgReduce op =
        new ArgReduce(
            function,
            random.nextInt(input.shape().rank()),
            random.nextBoolean(),
            random.nextBoolean());
    DType result = random.nextBoolean() ? DType.INT32 : DType.INT64;
    TensorType output = TensorType.of(result, op.outputShape(List.of(input)));
    addTo(op, List.of(tensors.fill(input)), output);
  }

  private void pad(DType dtype, Pad.Mode mode) {
    TensorType input = type(dtype);
    int less = mode == Pad.Mode.REFLECT ? 1 : 0;
    boolean bounded = less == 1 || mode == Pad.Mode.SYMMETRIC || mode == Pad.Mode.WRAP;
    IntUnaryOperator border =
        extent -> random.nextInt(bounded ? Math.min(3, extent - less + 1) : 3);
    add(new Pad(each(input, border), each(input, border), 1, mode), input);
  }

  private void reduce(DType dtype, Reduce.Function function) {
    boolean stored = function == Reduce.Function.MAX || function == Reduce.Function.MIN;
    boolean adds = function == Reduce.Function.MEAN || function == Reduce.Function.SUM;
    TensorType input =
        stored || adds ? type(dtype) : TensorType.of(dtype, Shape.of(dims(random.nextInt(1, 6))));
    List<Integer> axes =
        IntStream.range(0, input.shape().rank()).filter(a -> random.nextBoolean()).boxed().toList();
    Reduce op = new Reduce(function, axes.isEmpty() ? List.of(0) : axes, random.nextBoolean());
    TensorType output = input.withShape(op.outputShape(List.of(input)));
    try {
      op.check(List.of(input), output);
    } catch (IllegalArgumentException e) {
      return;
    }
    add(op, input);
  }
}
