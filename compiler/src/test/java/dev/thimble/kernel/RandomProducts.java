package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.GroupNorm;
import dev.thimble.op.HardMax;
import dev.thimble.op.InstanceNorm;
import dev.thimble.op.L2Norm;
import dev.thimble.op.LayerNorm;
import dev.thimble.op.LocalResponseNorm;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.LpNorm;
import dev.thimble.op.MatMul;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Softmax;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random transposed convolutions, products of matrices, normalisations and general poolings. */
final class RandomProducts {
  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final Rounding rounding;
  private final List<KernelCase> cases = new ArrayList<>();

  RandomProducts(SplittableRandom random, Rounding rounding) {
    this.random = random;
    this.tensors = new RandomTensors(random);
    this.rounding = rounding;
  }

  /** A case of each op, and of each type that it takes. */
  List<KernelCase> next(boolean floats) {
    cases.clear();
    transposed(floats);
    computedFilter();
    product(floats);
    plainProduct();
    for (WindowPool2d.Function function : WindowPool2d.Function.values()) {
      pool(floats, function);
    }
    lines();
    channels();
    return List.copyOf(cases);
  }

  private int upTo(int most) {
    return random.nextInt(1, most + 1);
  }

  private Size2d size(int most) {
    return new Size2d(upTo(most), upTo(most));
  }

  private Activation activation() {
    return Activation.values()[random.nextInt(Activation.values().length)];
  }

  private int[] dims(int rank, int most) {
    return random.ints(rank, 1, most + 1).toArray();
  }

  private void transposed(boolean floats) {
    int groups = random.nextInt(3) == 0 ? 2 : 1;
    int depth = upTo(5);
    int filters = groups * upTo(5);
    TensorType input = tensors.activations(floats, upTo(2), upTo(5), upTo(5), depth * groups);
    Tensor filter = tensors.filter(floats, 0, filters, upTo(4), upTo(4), depth);
    Size2d stride = size(3);
    Size2d dilation = random.nextBoolean() ? Size2d.ONE : size(3);
    int span = (filter.shape().dim(1) - 1) * dilation.height();
    int spanX = (filter.shape().dim(2) - 1) * dilation.width();
    Padding2d padding =
        new Padding2d(
            random.nextInt(span / 2 + 1),
            random.nextInt(span / 2 + 1),
            random.nextInt(spanX / 2 + 1),
            random.nextInt(spanX / 2 + 1));
    SingleOutputOp op =
        new TransposedConv2d(
            stride, dilation, padding, random.nextInt(3), random.nextInt(3), groups, activation());
    List<Tensor> inputs = List.of(tensors.fill(input), filter, tensors.bias(floats, filters));
    Shape shape = op.outputShape(inputs.stream().map(Tensor::type).toList());
    int taps = filter.shape().elements() / filters;
    boolean computed = floats && random.nextBoolean();
    add(op, inputs, tensors.output(shape, input, filter.type(), taps), computed ? 3 : 1);
  }

  /** A convolution, and a product of matrices, with a filter that is read at run time. */
  private void computedFilter() {
    int groups = upTo(2);
    int depth = upTo(5);
    int filters = groups * upTo(5);
    TensorType input = tensors.activations(true, upTo(2), 2 + upTo(5), 2 + upTo(5), depth * groups);
    Tensor filter = tensors.filter(true, 0, filters, upTo(3), upTo(3), depth);
    Padding2d padding =
        new Padding2d(random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3));
    SingleOutputOp conv = new Conv2d(size(3), Size2d.ONE, padding, groups, activation());
    List<Tensor> inputs = List.of(tensors.fill(input), filter, tensors.bias(true, filters));
    Shape shape = conv.outputShape(inputs.stream().map(Tensor::type).toList());
    add(conv, inputs, TensorType.of(DType.FLOAT32, shape), 2 + random.nextInt(2));
    List<Tensor> rows =
        List.of(
            tensors.fill(tensors.activations(true, upTo(4), depth)),
            tensors.filter(true, 0, filters, depth),
            tensors.bias(true, filters));
    SingleOutputOp product = new FullyConnected(false, activation());
    Shape products = product.outputShape(rows.stream().map(Tensor::type).toList());
    add(product, rows, TensorType.of(DType.FLOAT32, products), 2 + random.nextInt(2));
  }

  /** The first {@code computed} inputs are read at run time. */
  private void add(SingleOutputOp op, List<Tensor> inputs, TensorType output, int computed) {
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    op.check(types, List.of(output));
    List<Optional<Tensor>> constants = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      constants.add(i < computed ? Optional.empty() : Optional.of(inputs.get(i)));
    }
    cases.add(
        KernelCase.of(new KernelRequest(op, types, constants, List.of(output), rounding), inputs));
  }

  /** The shapes of two stacks of matrices that fit the op. */
  private List<int[]> stacks(MatMul op) {
    int rank = random.nextInt(4);
    int[] first = Arrays.copyOf(dims(rank, 3), rank + 2);
    int[] second = first.clone();
    for (int axis = 0; axis < rank; axis++) {
      int repeated = random.nextInt(4);
      first[axis] = repeated == 0 ? 1 : first[axis];
      second[axis] = repeated == 1 ? 1 : second[axis];
    }
    int depth = upTo(9);
    first[rank + (op.transposeFirst() ? 0 : 1)] = depth;
    first[rank + (op.transposeFirst() ? 1 : 0)] = upTo(5);
    second[rank + (op.transposeSecond() ? 1 : 0)] = depth;
    second[rank + (op.transposeSecond() ? 0 : 1)] = upTo(5);
    return List.of(
        first, random.nextInt(4) == 0 ? Arrays.copyOfRange(second, rank, rank + 2) : second);
  }

  private void product(boolean floats) {
    MatMul op = new MatMul(random.nextBoolean(), random.nextBoolean());
    List<int[]> stacks = stacks(op);
    TensorType first = tensors.activations(floats, stacks.get(0));
    TensorType second = tensors.activations(floats, stacks.get(1));
    Shape shape = op.outputShape(List.of(first, second));
    TensorType output = tensors.output(shape, first, second, 20);
    add(op, List.of(tensors.fill(first), tensors.fill(second)), output, upTo(2));
  }

  private void plainProduct() {
    MatMul op = new MatMul(random.nextBoolean(), random.nextBoolean());
    List<int[]> stacks = stacks(op);
    Tensor first = bytes(Shape.of(stacks.get(0)), random.nextBoolean());
    Tensor second = bytes(Shape.of(stacks.get(1)), random.nextBoolean());
    Shape shape = op.outputShape(List.of(first.type(), second.type()));
    List<Tensor> inputs = new ArrayList<>(List.of(first, second));
    if (random.nextBoolean()) {
      inputs.add(bytes(Shape.SCALAR, first.type().dtype() == DType.UINT8));
      Shape zeros = random.nextBoolean() ? Shape.of(1) : Shape.of(shape.dim(-1));
      inputs.add(bytes(zeros, second.type().dtype() == DType.UINT8));
    }
    add(op, inputs, TensorType.of(DType.INT32, shape), upTo(inputs.size()));
  }

  private Tensor bytes(Shape shape, boolean unsigned) {
    int least = unsigned ? 0 : -128;
    return Tensor.ofInts(
        TensorType.of(unsigned ? DType.UINT8 : DType.INT8, shape),
        random.ints(shape.elements(), least, least + 256).toArray());
  }

  private void pool(boolean floats, WindowPool2d.Function function) {
    boolean real = function.ordinal() >= WindowPool2d.Function.LP.ordinal();
    TensorType input =
        tensors.activations(floats || real, upTo(2), 2 + upTo(5), 2 + upTo(5), upTo(5));
    Size2d dilation = random.nextBoolean() ? Size2d.ONE : size(2);
    Size2d kernel =
        new Size2d(
            upTo((input.shape().dim(1) - 1) / dilation.height() + 1),
            upTo((input.shape().dim(2) - 1) / dilation.width() + 1));
    Padding2d padding =
        new Padding2d(
            random.nextInt((kernel.height() + 1) / 2),
            random.nextInt((kernel.height() + 1) / 2),
            random.nextInt((kernel.width() + 1) / 2),
            random.nextInt((kernel.width() + 1) / 2));
    Padding2d counted =
        new Padding2d(
            random.nextInt(padding.top() + 1),
            random.nextInt(padding.bottom() + 1),
            random.nextInt(padding.left() + 1),
            random.nextInt(padding.right() + 1));
    int p = function == WindowPool2d.Function.LP ? upTo(3) : 1;
    WindowPool2d op =
        new WindowPool2d(function, p, kernel, size(3), dilation, padding, counted, activation());
    TensorType output = input.withShape(op.outputShape(List.of(input)));
    add(op, List.of(tensors.fill(input)), output, 1);
  }

  private void lines() {
    TensorType input = TensorType.float32(dims(upTo(4), 5));
    int rank = input.shape().rank();
    int axis = random.nextInt(-rank, rank);
    List<Tensor> inputs = List.of(tensors.fill(input));
    add(new Softmax(0.5f, axis), inputs, input, 1);
    add(new LogSoftmax(axis), inputs, input, 1);
    add(new HardMax(axis), inputs, input, 1);
    add(new LpNorm(axis, upTo(2)), inputs, input, 1);
    add(new L2Norm(axis, random.nextBoolean() ? 1e-6f : 3), inputs, input, 1);
    TensorType bytes = tensors.activations(false, input.shape().dims());
    TensorType unit = TensorType.int8(1f / 128, 0, input.shape().dims());
    add(new L2Norm(-1, 0), List.of(tensors.fill(bytes)), unit, 1);
    add(
        new LocalResponseNorm(random.nextInt(4), random.nextInt(4), 1, 0.5f, 0.75f),
        inputs,
        input,
        1);
    int[] dims = input.shape().dims();
    TensorType scale =
        TensorType.float32(Arrays.copyOfRange(dims, axis < 0 ? axis + rank : axis, rank));
    List<Tensor> scaled = List.of(inputs.getFirst(), tensors.fill(scale), tensors.fill(scale));
    add(new LayerNorm(axis, 1e-3f), scaled, input, upTo(3));
  }

  private void channels() {
    int groups = upTo(3);
    int[] dims = dims(1 + upTo(3), 4);
    dims[dims.length - 1] *= groups;
    TensorType input = TensorType.float32(dims);
    TensorType scale = TensorType.float32(dims[dims.length - 1]);
    List<Tensor> inputs = List.of(tensors.fill(input), tensors.fill(scale), tensors.fill(scale));
    add(new GroupNorm(groups, 1e-3f), inputs, input, upTo(3));
    add(new InstanceNorm(1e-3f), inputs, input, upTo(3));
  }
}
