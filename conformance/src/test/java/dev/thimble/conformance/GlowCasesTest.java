package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Value;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.op.Rounding;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Single operators of another compiler's tests, with the outputs recorded there. */
class GlowCasesTest {
  private static final String FOLDER = "cases/09_op_conformance/glow_tflite";

  private static final List<String> SUPPORTED =
      List.of(
          "abs",
          "add_broadcast",
          "arg_min",
          "avgpool2d_valid",
          "cast_f32_to_int32",
          "concat",
          "conv2d_relu",
          "conv2d_valid",
          "depth_to_space",
          "depthwise_conv2d_c1_m2",
          "depthwise_conv2d_c2_m2",
          "div_broadcast",
          "exp",
          "fully_connected",
          "gather_axis1",
          "greater",
          "hardSwish",
          "less",
          "log",
          "logical_and",
          "logical_or",
          "max_broadcast",
          "maxpool2d_valid",
          "mean_multiple_axis_keep_dims",
          "mean_no_keep_dims",
          "min_broadcast",
          "mul_broadcast",
          "not_equal",
          "pad",
          "prelu",
          "relu6",
          "reshape",
          "resize_bilinear",
          "round",
          "select",
          "sin",
          "slice_neg_size",
          "spaceToBatchNd",
          "split",
          "square",
          "strided_slice_test1",
          "strided_slice_test3",
          "sub",
          "tanh",
          "transpose");

  @TestFactory
  Stream<DynamicTest> theRecordedOutputIsMetByReferenceAndCode() {
    return SUPPORTED.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  private static void check(String name) throws IOException {
    Path model = Shared.require(FOLDER + "/" + name + ".tflite");
    Compilation compilation = WrittenProgram.compile(model, CompileOptions.DEFAULTS);
    List<Value> inputs = compilation.imported().inputs();
    List<Tensor> sample = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      sample.add(read(model.resolveSibling(name + ".inp" + i), inputs.get(i).type()));
    }
    List<Tensor> outputs = Evaluator.outputs(compilation.imported(), sample, Rounding.DOUBLE);
    for (int i = 0; i < outputs.size(); i++) {
      Tensor got = outputs.get(i);
      assertClose(got, read(model.resolveSibling(name + ".out" + i), got.type()), name);
    }
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(List.of(sample), true, Target.PORTABLE);
    }
  }

  /** After a marker of one byte come the elements, little-endian. */
  private static Tensor read(Path file, TensorType type) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(1);
    if (type.isFloat()) {
      float[] floats = new float[bytes.remaining() / 4];
      bytes.asFloatBuffer().get(floats);
      return Tensor.ofFloats(type, floats);
    }
    byte[] all = new byte[bytes.remaining()];
    bytes.get(all);
    long[] integers = new long[all.length / type.dtype().bytes()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = TensorBytes.integer(all, type.dtype(), i);
    }
    return Tensor.ofLongs(type, integers);
  }

  private static void assertClose(Tensor got, Tensor expected, String what) {
    if (!got.type().isFloat()) {
      assertThat(got.longs()).as(what).containsExactly(expected.longs());
      return;
    }
    float largest = 0;
    for (float value : expected.floats()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(got.floats()).as(what).containsExactly(expected.floats(), within(1e-5f * largest));
  }

  @Test
  void theSupportedCasesAreExactlyThese() throws IOException {
    List<String> imported = new ArrayList<>();
    try (Stream<Path> files = Files.list(Shared.require(FOLDER))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tflite")).sorted().toList()) {
        if (imports(file)) {
          imported.add(file.getFileName().toString().replace(".tflite", ""));
        }
      }
    }
    assertThat(imported).containsExactlyElementsOf(SUPPORTED);
  }

  private static boolean imports(Path file) {
    try {
      ModelImporter.read(file);
      return true;
    } catch (ModelException e) {
      return false;
    }
  }
}
