package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.op.Activation;
import dev.thimble.op.ArgMax;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Conv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.FixedPoint;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The C kernels against the ops' evaluation, bit for bit, under the sanitizers. */
class PortableKernelsTest {
  private static final List<String> C = List.of("gcc", "-std=c99");
  private static final List<String> CPP = List.of("g++", "-std=c++17", "-x", "c++");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void filterKernelsEqualTheReference(Rounding rounding) throws IOException {
    CCompiler.require("gcc");
    RandomNodes nodes = new RandomNodes(new SplittableRandom(1), rounding);
    KernelProgram program = new KernelProgram();
    for (int i = 0; i < 60; i++) {
      boolean floats = i % 6 == 5;
      program.add(nodes.conv2d(floats));
      program.add(nodes.depthwise(floats));
      if (i % 3 == 0) {
        program.add(nodes.fullyConnected(i % 2 == 0)).add(nodes.fused(i % 2 == 0));
        program.add(nodes.fused(false));
      }
    }
    program.run(C, rounding, folder);
  }

  @ParameterizedTest
  @EnumSource
  void mapKernelsWithoutFilterEqualTheReference(Rounding rounding) throws IOException {
    CCompiler.require("gcc");
    RandomNodes nodes = new RandomNodes(new SplittableRandom(2), rounding);
    KernelProgram program = new KernelProgram();
    for (int i = 0; i < 40; i++) {
      boolean floats = i % 3 == 2;
      program.add(nodes.pool(floats, Pool2d.Kind2d.MAX));
      program.add(nodes.pool(floats, Pool2d.Kind2d.AVERAGE));
      program.add(nodes.mean(floats)).add(nodes.add(floats)).add(nodes.add(floats));
    }
    program.run(C, rounding, folder);
  }

  @ParameterizedTest
  @EnumSource
  void elementAndRowKernelsEqualTheReferenceAsCPlusPlus(Rounding rounding) throws IOException {
    CCompiler.require("g++");
    RandomTensors tensors = new RandomTensors(new SplittableRandom(3));
    KernelProgram program = new KernelProgram();
    for (int[] dims : List.of(new int[] {2, 3, 5, 7}, new int[] {3, 256}, new int[] {1, 2})) {
      for (boolean floats : List.of(false, true)) {
        elementwise(program, tensors, floats, dims, rounding);
        rows(program, tensors, floats, dims, rounding);
      }
    }
    program.run(CPP, rounding, folder);
  }

  private static void elementwise(
      KernelProgram program, RandomTensors tensors, boolean floats, int[] dims, Rounding rounding) {
    Shape shape = Shape.of(dims);
    TensorType input = tensors.activations(floats, dims);
    for (Unary.Function function : Unary.Function.values()) {
      boolean sigmoid = function == Unary.Function.SIGMOID && !floats;
      TensorType other =
          sigmoid ? TensorType.int8(1f / 256, -128, dims) : tensors.activations(floats, dims);
      add(program, tensors, new Unary(function), input, other, rounding);
      if (!sigmoid) {
        add(program, tensors, new Unary(function), input, input, rounding);
      }
    }
    TensorType int8 = TensorType.int8(tensors.scale() / 4, tensors.zeroPoint(), dims);
    add(program, tensors, new Quantize(), input, int8, rounding);
    TensorType flags = TensorType.of(DType.UINT8, shape);
    for (double threshold : List.of(0.3, -7.0, 1e300, -1e300)) {
      add(program, tensors, new AtLeast(threshold), input, flags, rounding);
    }
    if (!floats) {
      add(program, tensors, new Dequantize(), input, TensorType.of(DType.FLOAT32, shape), rounding);
    }
  }

  private static void rows(
      KernelProgram program, RandomTensors tensors, boolean floats, int[] dims, Rounding rounding) {
    TensorType input = tensors.activations(floats, dims);
    TensorType probabilities = floats ? input : TensorType.int8(1f / 256, -128, dims);
    for (float beta : List.of(1f, 0.1f, 100f)) {
      add(program, tensors, new Softmax(beta), input, probabilities, rounding);
    }
    ArgMax argMax = new ArgMax();
    TensorType indices = TensorType.of(DType.INT32, argMax.outputShape(List.of(input)));
    add(program, tensors, argMax, input, indices, rounding);
    Shape flat = Shape.of(input.elements());
    add(program, tensors, new Reshape(flat), input, input.withShape(flat), rounding);
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int axis = 0; axis < dims.length; axis++) {
      before.add(axis % 3);
      after.add((axis + 1) % 3);
    }
    Pad pad = new Pad(before, after, -3);
    TensorType padded = input.withShape(pad.outputShape(List.of(input)));
    add(program, tensors, pad, input, padded, rounding);
    if (dims[dims.length - 1] == 2) {
      for (double threshold : List.of(-1.5, 0.0, 2.0)) {
        DifferenceAtLeast op = new DifferenceAtLeast(threshold, -threshold);
        TensorType flags = TensorType.of(DType.UINT8, input.shape());
        add(program, tensors, op, input, flags, rounding);
      }
    }
  }

  private static void add(
      KernelProgram program,
      RandomTensors tensors,
      SingleOutputOp op,
      TensorType input,
      TensorType output,
      Rounding rounding) {
    op.check(List.of(input), List.of(output));
    List<Tensor> inputs = List.of(tensors.fill(input));
    KernelRequest request = RandomTensors.request(op, inputs, output, rounding);
    program.add(KernelCase.of(request, inputs));
  }

  @ParameterizedTest
  @EnumSource
  void requantisationIsExactForEveryShift(Rounding rounding) throws IOException {
    CCompiler.require("gcc");
    SplittableRandom random = new SplittableRandom(4);
    KernelProgram program = new KernelProgram().include("common/requantize.h");
    int[] edges = {0, 1, -1, Integer.MAX_VALUE, -Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 30};
    for (int shift = -31; shift <= 30; shift++) {
      for (int i = 0; i < 24; i++) {
        int acc = i < edges.length ? edges[i] : random.nextInt() >> random.nextInt(32);
        int multiplier = i % 3 == 0 ? 1 << 30 : random.nextInt(1 << 30, Integer.MAX_VALUE);
        program.statement(
            "if (thimble_requantize(%s, %d, %d) != %s) { printf(\"shift %d\\n\"); ++failures; }"
                .formatted(
                    Parameter.Scalar.of("acc", acc).literal(),
                    multiplier,
                    shift,
                    Parameter.Scalar.of(
                            "out", FixedPoint.requantize(acc, multiplier, shift, rounding))
                        .literal(),
                    shift));
      }
    }
    program.run(C, rounding, folder);
  }

  @Test
  void streamsOfRingsEqualWholeMaps() throws IOException {
    CCompiler.require("gcc");
    KernelProgram program = new KernelProgram();
    RandomStreams streams = new RandomStreams(new SplittableRandom(5));
    for (int i = 0; i < 20; i++) {
      streams.addTo(program, 2 + i % 4);
    }
    program.run(C, Rounding.DOUBLE, folder);
  }

  @Test
  void overlappingOrPaddedPoolingsAreNotFused() {
    TensorType map = TensorType.float32(1, 6, 6, 2);
    Conv2d conv = new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.NONE);
    KernelRequest convolution =
        RandomTensors.request(
            conv,
            List.of(
                zeros(map), zeros(TensorType.float32(2, 1, 1, 2)), zeros(TensorType.float32(2))),
            map,
            Rounding.DOUBLE);
    Size2d two = new Size2d(2, 2);
    for (Pool2d pool :
        List.of(
            new Pool2d(Pool2d.Kind2d.MAX, two, Size2d.ONE, Padding2d.NONE, Activation.NONE),
            new Pool2d(Pool2d.Kind2d.AVERAGE, two, two, Padding2d.NONE, Activation.NONE),
            new Pool2d(Pool2d.Kind2d.MAX, two, two, new Padding2d(1, 0, 0, 0), Activation.NONE))) {
      TensorType pooled = map.withShape(pool.outputShape(List.of(map)));
      KernelRequest pooling =
          RandomTensors.request(pool, List.of(zeros(map)), pooled, Rounding.DOUBLE);
      assertThat(new PortableKernels().fuse(convolution, pooling)).isEmpty();
    }
  }

  @Test
  void filterComputedAtRunTimeIsRefused() {
    TensorType map = TensorType.float32(1, 2, 2, 1);
    Conv2d conv = new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.NONE);
    KernelRequest request =
        new KernelRequest(
            conv,
            List.of(map, TensorType.float32(1, 1, 1, 1), TensorType.float32(1)),
            List.of(Optional.empty(), Optional.empty(), Optional.empty()),
            List.of(map),
            Rounding.DOUBLE);
    assertThatThrownBy(() -> new PortableKernels().select(request))
        .isInstanceOf(KernelException.class)
        .hasMessage("conv2d: the filter is computed at run time; portable kernels take constants");
  }

  @Test
  void sumsThatCanLeaveInt32AreRefused() {
    TensorType map = TensorType.int8(1, -1, 1, 2, 2, 1);
    Conv2d conv = new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.NONE);
    Tensor filter = Tensor.ofInts(TensorType.int8(1, 0, 1, 1, 1, 1), 2);
    TensorType biasType = TensorType.of(DType.INT32, Shape.of(1));
    Tensor fits = Tensor.ofInts(biasType, Integer.MAX_VALUE - 256);
    Tensor overflows = Tensor.ofInts(biasType, Integer.MAX_VALUE - 255);
    List<Tensor> inputs = List.of(Tensor.filled(map, 127), filter, fits);
    new PortableKernels().select(RandomTensors.request(conv, inputs, map, Rounding.DOUBLE));
    KernelRequest request =
        RandomTensors.request(
            conv, List.of(Tensor.filled(map, 127), filter, overflows), map, Rounding.DOUBLE);
    assertThatThrownBy(() -> new PortableKernels().select(request))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "the sums of output channel 0 reach from 2147483138 to 2147483648, beyond int32;"
                + " quantise with a bias and filter of smaller stored numbers");
  }

  private static Tensor zeros(TensorType type) {
    return Tensor.ofFloats(type, new float[type.elements()]);
  }
}
