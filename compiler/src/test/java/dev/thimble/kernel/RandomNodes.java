package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Broadcast;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random nodes whose kernels move over maps, with their data. */
final class RandomNodes {
  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final Rounding rounding;
  private int bits = Byte.SIZE;

  RandomNodes(SplittableRandom random, Rounding rounding) {
    this.random = random;
    this.tensors = new RandomTensors(random);
    this.rounding = rounding;
  }

  /** From now on, the elements of int8 filters need only so many bits. */
  void bits(int filters) {
    bits = filters;
  }

  /** From now on, most biases have fractions. */
  void addFractions() {
    tensors.addFractions();
  }

  private Tensor filter(boolean floats, int axis, int... dims) {
    return floats || bits == Byte.SIZE
        ? tensors.filter(floats, axis, dims)
        : tensors.filterOfBits(bits, axis, dims);
  }

  private Size2d size(int bound) {
    return new Size2d(random.nextInt(1, bound), random.nextInt(1, bound));
  }

  private Activation activation() {
    return Activation.values()[random.nextInt(Activation.values().length)];
  }

  /** Padding of any kind: none, SAME, or uneven and up to as wide as the kernel spans. */
  private Padding2d padding(Shape input, Size2d kernel, Size2d stride, Size2d dilation) {
    int spanY = (kernel.height() - 1) * dilation.height() + 1;
    int spanX = (kernel.width() - 1) * dilation.width() + 1;
    int missingY = Math.max(0, spanY - input.dim(1));
    int missingX = Math.max(0, spanX - input.dim(2));
    return switch (random.nextInt(3)) {
      case 0 -> new Padding2d(0, missingY, 0, missingX);
      case 1 -> Padding2d.same(input.dim(1), input.dim(2), kernel, stride, dilation);
      default ->
          new Padding2d(
              random.nextInt(spanY + 1),
              missingY + random.nextInt(spanY + 1),
              random.nextInt(spanX + 1),
              missingX + random.nextInt(spanX + 1));
    };
  }

  private KernelCase filtered(SingleOutputOp op, List<Tensor> inputs, int taps) {
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    TensorType output = tensors.output(op.outputShape(types), types.get(0), types.get(1), taps);
    op.check(types, List.of(output));
    return KernelCase.of(RandomTensors.request(op, inputs, output, rounding), inputs);
  }

  KernelCase conv2d(boolean floats) {
    boolean pointwise = random.nextInt(4) == 0;
    int groups = random.nextInt(3) == 0 ? random.nextInt(2, 4) : 1;
    int depth = random.nextInt(1, groups == 1 ? 21 : 7);
    int filters = groups * random.nextInt(1, groups == 1 ? 21 : 7);
    TensorType input =
        tensors.activations(
            floats,
            random.nextInt(1, 3),
            random.nextInt(1, 7),
            random.nextInt(1, 8),
            depth * groups);
    Size2d kernel = pointwise ? Size2d.ONE : size(5);
    Size2d stride = pointwise && random.nextBoolean() ? Size2d.ONE : size(4);
    Size2d dilation = random.nextBoolean() ? Size2d.ONE : size(4);
    Padding2d padding =
        pointwise && random.nextBoolean()
            ? Padding2d.NONE
            : padding(input.shape(), kernel, stride, dilation);
    Conv2d op = new Conv2d(stride, dilation, padding, groups, activation());
    Tensor filter = filter(floats, 0, filters, kernel.height(), kernel.width(), depth);
    return filtered(
        op,
        List.of(tensors.fill(input), filter, tensors.bias(floats, filters)),
        kernel.height() * kernel.width() * depth);
  }

  KernelCase depthwise(boolean floats) {
    int multiplier = random.nextInt(3) == 0 ? random.nextInt(2, 5) : 1;
    int channels = random.nextInt(1, multiplier == 1 ? 21 : 6);
    TensorType input =
        tensors.activations(
            floats, random.nextInt(1, 3), random.nextInt(1, 7), random.nextInt(1, 8), channels);
    Size2d kernel = size(5);
    Size2d stride = size(4);
    Size2d dilation = random.nextBoolean() ? Size2d.ONE : size(4);
    Padding2d padding = padding(input.shape(), kernel, stride, dilation);
    DepthwiseConv2d op = new DepthwiseConv2d(stride, dilation, padding, multiplier, activation());
    int filters = channels * multiplier;
    Tensor filter = filter(floats, 3, 1, kernel.height(), kernel.width(), filters);
    return filtered(
        op,
        List.of(tensors.fill(input), filter, tensors.bias(floats, filters)),
        kernel.height() * kernel.width());
  }

  KernelCase fullyConnected(boolean floats) {
    int depth = random.nextInt(1, 60);
    int filters = random.nextInt(1, 21);
    TensorType input = tensors.activations(floats, random.nextInt(1, 4), depth);
    Tensor filter = filter(floats, 0, filters, depth);
    return filtered(
        new FullyConnected(random.nextBoolean(), activation()),
        List.of(tensors.fill(input), filter, tensors.bias(floats, filters)),
        depth);
  }

  /** A convolution and a pooling that {@link PortableKernels#fuse} accepts. */
  KernelCase fused(boolean floats) {
    KernelCase conv = conv2d(floats);
    while (conv.expected().shape().dim(1) < 2 || conv.expected().shape().dim(2) < 2) {
      conv = conv2d(floats);
    }
    TensorType map = conv.expected().type();
    Size2d kernel =
        new Size2d(
            random.nextInt(1, Math.min(4, map.shape().dim(1) + 1)),
            random.nextInt(1, Math.min(4, map.shape().dim(2) + 1)));
    Size2d stride =
        new Size2d(kernel.height() + random.nextInt(2), kernel.width() + random.nextInt(2));
    Pool2d pool = new Pool2d(Pool2d.Kind2d.MAX, kernel, stride, Padding2d.NONE, activation());
    TensorType pooled = map.withShape(pool.outputShape(List.of(map)));
    KernelRequest pooling =
        new KernelRequest(pool, List.of(map), List.of(Optional.empty()), List.of(pooled), rounding);
    KernelRequest request = RandomTensors.request(conv.op(), conv.inputs(), map, rounding);
    Kernel kernelOfBoth = new PortableKernels().fuse(request, pooling).orElseThrow();
    Tensor expected = pool.evaluate(List.of(conv.expected()), pooled, rounding);
    return new KernelCase(conv.op(), kernelOfBoth, conv.inputs(), expected, false);
  }

  KernelCase pool(boolean floats, Pool2d.Kind2d kind) {
    TensorType input =
        tensors.activations(
            floats,
            random.nextInt(1, 3),
            random.nextInt(1, 7),
            random.nextInt(1, 8),
            random.nextInt(1, 21));
    Size2d kernel =
        random.nextInt(4) == 0
            ? new Size2d(input.shape().dim(1), input.shape().dim(2))
            : new Size2d(
                random.nextInt(1, input.shape().dim(1) + 1),
                random.nextInt(1, input.shape().dim(2) + 1));
    Size2d stride = size(4);
    Padding2d padding =
        random.nextBoolean()
            ? Padding2d.NONE
            : new Padding2d(
                random.nextInt(kernel.height()),
                random.nextInt(kernel.height()),
                random.nextInt(kernel.width()),
                random.nextInt(kernel.width()));
    Pool2d op = new Pool2d(kind, kernel, stride, padding, activation());
    TensorType output = input.withShape(op.outputShape(List.of(input)));
    List<Tensor> inputs = List.of(tensors.fill(input));
    return KernelCase.of(RandomTensors.request(op, inputs, output, rounding), inputs);
  }

  KernelCase mean(boolean floats) {
    int rank = random.nextInt(1, 5);
    int[] dims = new int[rank];
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = random.nextInt(1, 6);
      if (random.nextBoolean()) {
        axes.add(axis);
      }
    }
    if (axes.isEmpty()) {
      axes.add(random.nextInt(rank));
    }
    if (rank == 4 && random.nextBoolean()) {
      axes = List.of(1, 2);
    }
    TensorType input = tensors.activations(floats, dims);
    Reduce op = new Reduce(Reduce.Function.MEAN, axes, random.nextBoolean());
    int[] outDims = op.outputShape(List.of(input)).dims();
    TensorType output =
        random.nextBoolean()
            ? input.withShape(Shape.of(outDims))
            : tensors.activations(floats, outDims);
    List<Tensor> inputs = List.of(tensors.fill(input));
    return KernelCase.of(RandomTensors.request(op, inputs, output, rounding), inputs);
  }

  /**
   * A function of two inputs, where these types have it. Each axis of each operand may be
   * broadcast, and an operand may be constant.
   */
  Optional<KernelCase> binary(boolean floats, Binary.Function function) {
    int rank = random.nextInt(1, 5);
    int broadcasting = random.nextInt(3);
    int[] first = new int[rank];
    int[] second = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int extent = axis == 0 && rank == 4 ? random.nextInt(1, 3) : random.nextInt(1, 7);
      first[axis] = broadcasting == 2 && random.nextInt(4) == 0 ? 1 : extent;
      second[axis] = broadcasting > 0 && random.nextBoolean() ? 1 : extent;
    }
    List<TensorType> types =
        new ArrayList<>(
            List.of(tensors.activations(floats, first), tensors.activations(floats, second)));
    if (random.nextBoolean()) {
      types = types.reversed();
    }
    int[] dims = Broadcast.shape(types.get(0).shape(), types.get(1).shape()).dims();
    TensorType output = tensors.activations(floats, dims);
    List<Tensor> inputs = types.stream().map(tensors::fill).toList();
    int constant = random.nextInt(-2, 2);
    List<Optional<Tensor>> constants = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      constants.add(i == constant ? Optional.of(inputs.get(i)) : Optional.empty());
    }
    Binary op = new Binary(function, activation());
    return RandomElementwise.isTaken(op, types, output)
        ? Optional.of(
            KernelCase.of(
                new KernelRequest(op, types, constants, List.of(output), rounding), inputs))
        : Optional.empty();
  }
}
