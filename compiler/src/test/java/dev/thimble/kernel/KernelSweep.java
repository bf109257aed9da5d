package dev.thimble.kernel;

import dev.thimble.op.ArgMax;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Binary;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The cases on which the portable kernels are compared with the reference evaluation. */
public final class KernelSweep {
  private final RandomTensors tensors = new RandomTensors(new SplittableRandom(3));
  private final List<KernelCase> cases = new ArrayList<>();
  private final Rounding rounding;

  private KernelSweep(Rounding rounding) {
    this.rounding = rounding;
  }

  /** Every case, in one rounding. */
  public static Stream<KernelCase> all() {
    Rounding rounding = Rounding.DOUBLE;
    return Stream.of(
            filters(rounding),
            packedFilters(rounding),
            maps(rounding),
            elementsAndRows(rounding),
            elements(rounding),
            productsAndNorms(rounding),
            overTime(rounding),
            positions(rounding),
            recurrent(rounding))
        .flatMap(List::stream);
  }

  /** The ops of all cases. */
  public static Set<Op> ops() {
    return all().map(KernelCase::op).collect(Collectors.toSet());
  }

  /** The kernel files of all cases: {@code conv2d/conv2d_s8_portable.c}. */
  public static Set<String> sources() {
    return all().map(each -> each.kernel().source()).collect(Collectors.toSet());
  }

  /** Elementwise nodes of every element type. */
  static List<KernelCase> elements(Rounding rounding) {
    RandomElementwise nodes = new RandomElementwise(new SplittableRandom(5), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      cases.addAll(nodes.ofOne());
    }
    for (int i = 0; i < 8; i++) {
      cases.addAll(nodes.ofSeveral());
      cases.addAll(nodes.quantized());
    }
    return cases;
  }

  static List<KernelCase> filters(Rounding rounding) {
    RandomNodes nodes = new RandomNodes(new SplittableRandom(1), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      boolean floats = i % 6 == 5;
      cases.add(nodes.conv2d(floats));
      cases.add(nodes.depthwise(floats));
      if (i % 3 == 0) {
        cases.add(nodes.fullyConnected(i % 2 == 0));
        cases.add(nodes.fused(i % 2 == 0));
        cases.add(nodes.fused(false));
      }
    }
    return cases;
  }

  /** Filters of 4, 2 and 1 bits. */
  static List<KernelCase> packedFilters(Rounding rounding) {
    RandomNodes nodes = new RandomNodes(new SplittableRandom(7), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      for (int bits : List.of(4, 2, 1)) {
        nodes.bits(bits);
        cases.add(nodes.conv2d(false));
        cases.add(nodes.depthwise(false));
        cases.add(nodes.fullyConnected(false));
      }
    }
    return cases;
  }

  /** Biases with fractions. */
  static List<KernelCase> fractions() {
    RandomNodes nodes = new RandomNodes(new SplittableRandom(9), Rounding.SINGLE);
    nodes.addFractions();
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      nodes.bits(i % 4 == 3 ? 4 : Byte.SIZE);
      cases.add(nodes.conv2d(false));
      cases.add(nodes.depthwise(false));
      cases.add(nodes.fullyConnected(false));
      if (i % 4 == 0) {
        cases.add(nodes.fused(false));
      }
    }
    return cases;
  }

  static List<KernelCase> maps(Rounding rounding) {
    RandomNodes nodes = new RandomNodes(new SplittableRandom(2), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      boolean floats = i % 3 == 2;
      for (Pool2d.Kind2d kind : Pool2d.Kind2d.values()) {
        cases.add(nodes.pool(floats, kind));
      }
      cases.add(nodes.mean(floats));
      for (Binary.Function function : Binary.Function.values()) {
        nodes.binary(floats, function).ifPresent(cases::add);
        nodes.binary(floats, function).ifPresent(cases::add);
      }
    }
    return cases;
  }

  static List<KernelCase> elementsAndRows(Rounding rounding) {
    KernelSweep sweep = new KernelSweep(rounding);
    for (int[] dims : List.of(new int[] {2, 3, 5, 7}, new int[] {3, 256}, new int[] {1, 2})) {
      for (boolean floats : List.of(false, true)) {
        sweep.elementwise(floats, dims);
        sweep.rows(floats, dims);
      }
    }
    return sweep.cases;
  }

  static List<KernelCase> productsAndNorms(Rounding rounding) {
    RandomProducts products = new RandomProducts(new SplittableRandom(5), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      cases.addAll(products.next(i % 2 == 0));
    }
    RandomMixed mixed = new RandomMixed(new SplittableRandom(6), rounding);
    for (int i = 0; i < 12; i++) {
      cases.addAll(mixed.next());
    }
    return cases;
  }

  /** Maps of one row, by the kernels that take each of their columns for a row. */
  static List<KernelCase> overTime(Rounding rounding) {
    NodesOverTime nodes = new NodesOverTime(new SplittableRandom(4), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      cases.addAll(nodes.next(i % 3 == 2));
      cases.addAll(nodes.padded(i % 3 == 1));
    }
    return cases;
  }

  /** Elements by where they stand, of every type. */
  static List<KernelCase> positions(Rounding rounding) {
    PositionalNodes nodes = new PositionalNodes(new SplittableRandom(5), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (DType dtype : DType.values()) {
        cases.addAll(nodes.next(dtype));
      }
    }
    return cases;
  }

  /** Nodes that carry something from frame to frame. */
  static List<KernelCase> recurrent(Rounding rounding) {
    RecurrentNodes nodes = new RecurrentNodes(new SplittableRandom(5), rounding);
    List<KernelCase> cases = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      cases.add(nodes.svdfMemory(i % 3 == 2, i % 3 == 1));
      cases.add(nodes.svdfOutput(i % 3 == 2, i % 3 == 1));
      cases.addAll(nodes.overFrames());
      cases.add(nodes.lstm());
      cases.add(nodes.quantizedLstm());
    }
    return cases;
  }

  private void elementwise(boolean floats, int[] dims) {
    TensorType input = tensors.activations(floats, dims);
    for (Unary.Function function : Unary.Function.values()) {
      for (TensorType output :
          List.of(activations(floats, dims), input, floats ? input : probabilities(dims))) {
        addIfTaken(new Unary(function), input, output);
      }
    }
    for (Parametric.Function function : Parametric.Function.values()) {
      Parametric op = RandomElementwise.parametric(function);
      addIfTaken(op, input, activations(floats, dims));
      addIfTaken(op, input, input);
    }
    add(new Quantize(), input, TensorType.int8(tensors.scale() / 4, tensors.zeroPoint(), dims));
    TensorType flags = TensorType.of(DType.UINT8, input.shape());
    for (double threshold : List.of(0.3, -7.0, 1e300, -1e300)) {
      add(new AtLeast(threshold), input, flags);
    }
    if (!floats) {
      add(new Dequantize(), input, TensorType.float32(dims));
    }
  }

  private void rows(boolean floats, int[] dims) {
    TensorType input = activations(floats, dims);
    for (float beta : List.of(1f, 0.1f, 100f)) {
      add(new Softmax(beta), input, floats ? input : probabilities(dims));
      if (!floats) {
        QuantParams wide = new QuantParams.PerTensor(1f / 65536, Short.MIN_VALUE);
        add(new Softmax(beta), input, new TensorType(DType.INT16, Shape.of(dims), wide));
        QuantParams from = new QuantParams.PerTensor(tensors.scale() / 64, 0);
        QuantParams to = new QuantParams.PerTensor(1f / 32768, 0);
        TensorType scores = new TensorType(DType.INT16, Shape.of(dims), from);
        add(new Softmax(beta), scores, new TensorType(DType.INT16, Shape.of(dims), to));
      }
    }
    ArgMax argMax = new ArgMax();
    add(argMax, input, TensorType.of(DType.INT32, argMax.outputShape(List.of(input))));
    Shape flat = Shape.of(input.elements());
    add(new Reshape(flat), input, input.withShape(flat));
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int axis = 0; axis < dims.length; axis++) {
      before.add(axis % 3);
      after.add((axis + 1) % 3);
    }
    Pad pad = new Pad(before, after, -3);
    add(pad, input, input.withShape(pad.outputShape(List.of(input))));
    if (dims[dims.length - 1] == 2) {
      for (double threshold : List.of(-1.5, 0.0, 2.0)) {
        TensorType flags = TensorType.of(DType.UINT8, input.shape());
        add(new DifferenceAtLeast(threshold, -threshold), input, flags);
      }
    }
  }

  private TensorType activations(boolean floats, int[] dims) {
    return tensors.activations(floats, dims);
  }

  private static TensorType probabilities(int[] dims) {
    return TensorType.int8(1f / 256, -128, dims);
  }

  private void addIfTaken(SingleOutputOp op, TensorType input, TensorType output) {
    if (RandomElementwise.isTaken(op, List.of(input), output)) {
      add(op, input, output);
    }
  }

  private void add(SingleOutputOp op, TensorType input, TensorType output) {
    op.check(List.of(input), List.of(output));
    List<Tensor> inputs = List.of(tensors.fill(input));
    cases.add(KernelCase.of(RandomTensors.request(op, inputs, output, rounding), inputs));
  }
}
