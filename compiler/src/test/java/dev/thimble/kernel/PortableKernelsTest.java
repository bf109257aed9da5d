package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.FixedPoint;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Rounding;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.io.IOException;
import java.nio.file.Path;
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
    run("gcc", C, KernelSweep.filters(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource
  void kernelsThatUnpackFiltersEqualTheReference(Rounding rounding) throws IOException {
    run("g++", CPP, KernelSweep.packedFilters(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource
  void mapKernelsWithoutFilterEqualTheReference(Rounding rounding) throws IOException {
    run("gcc", C, KernelSweep.maps(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource
  void kernelsOfProductsAndNormsEqualTheReference(Rounding rounding) throws IOException {
    run("gcc", C, KernelSweep.productsAndNorms(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource
  void kernelsThatTakeColumnsForRowsEqualTheReference(Rounding rounding) throws IOException {
    run("gcc", C, KernelSweep.overTime(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource(Rounding.class)
  void positionsEqualTheirEvaluation(Rounding rounding) throws IOException {
    run("gcc", C, KernelSweep.positions(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource
  void elementwiseKernelsOfEveryTypeEqualTheReference(Rounding rounding) throws IOException {
    run("gcc", C, KernelSweep.elements(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource
  void elementAndRowKernelsEqualTheReferenceAsCPlusPlus(Rounding rounding) throws IOException {
    run("g++", CPP, KernelSweep.elementsAndRows(rounding), rounding);
  }

  @ParameterizedTest
  @EnumSource
  void recurrentKernelsEqualTheReference(Rounding rounding) throws IOException {
    run("gcc", C, KernelSweep.recurrent(rounding), rounding);
  }

  @Test
  void fractionsOfBiasesEqualTheReference() throws IOException {
    CCompiler.require("gcc");
    KernelProgram program = new KernelProgram(true);
    KernelSweep.fractions().forEach(program::add);
    program.run(C, Rounding.SINGLE, folder);
  }

  private void run(String compiler, List<String> command, List<KernelCase> cases, Rounding rounding)
      throws IOException {
    CCompiler.require(compiler);
    KernelProgram program = new KernelProgram();
    cases.forEach(program::add);
    program.run(command, rounding, folder);
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
  void anInt8FilterComputedAtRunTimeIsRefused() {
    TensorType map = TensorType.int8(1, 0, 1, 2, 2, 1);
    Conv2d conv = new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.NONE);
    TensorType biasType = TensorType.of(DType.INT32, Shape.of(1));
    KernelRequest request =
        new KernelRequest(
            conv,
            List.of(map, TensorType.int8(1, 0, 1, 1, 1, 1), biasType),
            List.of(Optional.empty(), Optional.empty(), Optional.of(Tensor.ofInts(biasType, 0))),
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
