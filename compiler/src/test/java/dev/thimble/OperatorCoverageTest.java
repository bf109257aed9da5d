package dev.thimble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thimble.graph.Node;
import dev.thimble.importer.ModelImporter;
import dev.thimble.kernel.KernelSweep;
import dev.thimble.op.Op;
import dev.thimble.testing.TfliteSamples;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.BuiltinOperator;

/**
 * What javac cannot ask for: that every operator is imported and has a kernel that is tested. A
 * record is one operator, or, where it has an enum of its own such as {@code Binary.Function}, one
 * for each constant.
 */
class OperatorCoverageTest {
  /** Made by --classify and --threshold, which no file contains. */
  private static final Set<String> MADE_BY_REWRITES =
      Set.of("ArgMax", "AtLeast", "DifferenceAtLeast");

  /** What other formats have, and what TFLite's operators become for other types than these. */
  private static final Set<String> MADE_OF_OTHER_FORMS =
      Set.of(
          "GroupNorm",
          "HardMax",
          "InstanceNorm",
          "LayerNorm",
          "LpNorm",
          "MixedConv2d.DOUBLE",
          "MixedConv2d.DYNAMIC_ASYMMETRIC",
          "MixedConv2d.DYNAMIC_SYMMETRIC",
          "MixedConv2d.FLOAT",
          "MixedConv2d.WEIGHTS",
          "Requantize",
          "WindowPool2d.AVERAGE",
          "WindowPool2d.LP",
          "WindowPool2d.MAX");

  /** Those of other formats, and constants of which the samples show another. */
  private static final Set<String> NOT_IN_TFLITE_SAMPLES =
      Set.of(
          "Binary.FMOD",
          "Binary.SHIFT_LEFT",
          "DepthToSpace.CRD",
          "GatherElements",
          "Gru",
          "Pad.EDGE",
          "Pad.SYMMETRIC",
          "Pad.WRAP",
          "Parametric.CELU",
          "Parametric.HARD_SIGMOID",
          "Parametric.IS_INF",
          "Parametric.SELU",
          "Parametric.SHRINK",
          "Parametric.THRESHOLDED_RELU",
          "Reduce.L1",
          "Reduce.L2",
          "Reduce.LOG_SUM",
          "Reduce.LOG_SUM_EXP",
          "Reduce.SUM_SQUARE",
          "Resize.CUBIC",
          "ScatterElements",
          "Triangle",
          "Unary.ACOS",
          "Unary.ACOSH",
          "Unary.ASIN",
          "Unary.ASINH",
          "Unary.ATAN",
          "Unary.ATANH",
          "Unary.BITWISE_NOT",
          "Unary.COSH",
          "Unary.ERF",
          "Unary.GELU_TANH",
          "Unary.IS_NAN",
          "Unary.MISH",
          "Unary.RECIPROCAL",
          "Unary.SILU",
          "Unary.SINH",
          "Unary.SOFTPLUS",
          "Unary.SOFTSIGN",
          "Unary.TAN");

  @Test
  void everyOperatorIsInTheSweepOfKernels() {
    assertThat(names(KernelSweep.ops().stream()))
        .as("operators with a case in KernelSweep")
        .containsExactlyInAnyOrderElementsOf(operators());
  }

  @Test
  void everyKernelFileIsInTheSweepOfKernels() throws IOException {
    assertThat(KernelSweep.sources())
        .as("kernel files with a case in KernelSweep")
        .containsExactlyInAnyOrderElementsOf(kernelFiles());
  }

  @Test
  void everyOperatorIsImportedOrMadeByARewrite() {
    Set<String> made = new HashSet<>(MADE_BY_REWRITES);
    made.addAll(MADE_OF_OTHER_FORMS);

    made.addAll(NOT_IN_TFLITE_SAMPLES);
    made.addAll(
        names(
            TfliteSamples.models(true).keySet().stream().flatMap(OperatorCoverageTest::imported)));
    assertThat(made)
        .as("operators with a row in OperatorImport and a model in TfliteSamples")
        .containsExactlyInAnyOrderElementsOf(operators());
  }

  @Test
  void everyTfliteOperatorHasASampleOrIsRefused() {
    for (int builtin = 0; builtin < BuiltinOperator.names.length; builtin++) {
      if (!TfliteSamples.models(true).containsKey(builtin)) {
        byte[] model = TfliteSamples.anyOperator(builtin).bytes();
        assertThat(catchThrowable(() -> ModelImporter.read("tiny.tflite", model)))
            .withFailMessage(
                "%s has a row in OperatorImport but no model in TfliteSamples",
                BuiltinOperator.name(builtin))
            .hasMessageContaining("supported: no form of this operator");
      }
    }
  }

  private static Stream<Op> imported(int builtin) {
    byte[] model = TfliteSamples.models(true).get(builtin).bytes();
    return ModelImporter.read("tiny.tflite", model).program().entry().nodes().stream()
        .map(Node::op);
  }

  /** {@code Conv2d}, {@code Binary.ADD}, and so on for every record. */
  private static Set<String> operators() {
    Set<String> operators = new TreeSet<>();
    for (Class<?> type : records(Op.class).toList()) {
      Optional<RecordComponent> function = function(type);
      if (function.isEmpty()) {
        operators.add(type.getSimpleName());
      } else {
        for (Object constant : function.get().getType().getEnumConstants()) {
          operators.add(type.getSimpleName() + "." + constant);
        }
      }
    }
    return operators;
  }

  /** The records of a sealed interface, also of those that it permits. */
  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(OperatorCoverageTest::records)
        : Stream.of(type);
  }

  private static Optional<RecordComponent> function(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.getType().getDeclaringClass() == type)
        .findFirst();
  }

  private static Set<String> names(Stream<Op> ops) {
    return ops.map(OperatorCoverageTest::name).collect(Collectors.toSet());
  }

  private static String name(Op op) {
    String record = op.getClass().getSimpleName();
    return function(op.getClass()).map(each -> record + "." + value(op, each)).orElse(record);
  }

  private static Object value(Op op, RecordComponent component) {
    try {
      return component.getAccessor().invoke(op);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From the sources: a build keeps files that are gone from them. */
  private static Set<String> kernelFiles() throws IOException {
    Path folder =
        Path.of(System.getProperty("thimble.root"), "compiler", "src", "main", "resources")
            .resolve("kernels");
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString())
          .filter(file -> file.endsWith("_portable.c"))
          .collect(Collectors.toSet());
    }
  }
}
