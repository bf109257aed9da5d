package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import com.google.protobuf.ByteString;
import dev.thimble.graph.Evaluator;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With floats as in their files, quantised networks give ONNX Runtime's integers. */
class GeneratedModelsTest {
  @TempDir Path folder;

  private final Random random = new Random(11);

  private void requireEqual(OnnxWriter writer) throws IOException {
    Path file = Files.write(folder.resolve("net.onnx"), writer.bytes());
    ImportedModel model = ModelImporter.read(file, ImportOptions.DEFAULTS.withRoundsFloats(true));
    try (OnnxRuntime runtime = new OnnxRuntime(file, OptLevel.NO_OPT)) {
      for (int seed = 1; seed <= 4; seed++) {
        List<Tensor> sample = Seeds.sampleSource(seed, model.inputs());
        runtime.inputs(
            List.of(TensorBytes.of(model.inputs().getFirst().toSource(sample.getFirst()))));
        runtime.run();
        Tensor output =
            Evaluator.outputs(model.program().entry(), sample, Rounding.DOUBLE).getFirst();
        assertThat(TensorBytes.of(model.outputs().getFirst().toSource(output)))
            .containsExactly(runtime.outputs().getFirst());
      }
    }
  }

  private int[] bytes(int count) {
    return random.ints(count, 0, 256).toArray();
  }

  private OnnxWriter quantized(long... dims) {
    return new OnnxWriter()
        .opset(21)
        .input("x", DataType.UINT8, dims)
        .numbers("xs", List.of(), 0.01f)
        .stored("xz", DataType.UINT8, List.of(), 3)
        .numbers("ws", List.of(), 0.004f)
        .stored("wz", DataType.UINT8, List.of(), 5)
        .numbers("ys", List.of(), 3.1f)
        .stored("yz", DataType.UINT8, List.of(), 9);
  }

  @Test
  void sumsOfMoreThan24BitsAreRoundedOnce() throws IOException {
    OnnxWriter conv = quantized(1, 512, 5, 5);
    conv.stored("w", DataType.UINT8, List.of(6L, 512L, 3L, 3L), bytes(6 * 512 * 9));
    conv.stored("b", DataType.INT32, List.of(6L), 1, -16777219, 99, 30000001, -7, 0);
    conv.node("QLinearConv", List.of("x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"), "y");
    requireEqual(conv.output("y"));
    OnnxWriter product = quantized(7, 3000);
    product.stored("w", DataType.UINT8, List.of(3000L, 5L), bytes(15000));
    product.node("QLinearMatMul", List.of("x", "xs", "xz", "w", "ws", "wz", "ys", "yz"), "y");
    requireEqual(product.output("y"));
  }

  @Test
  void filtersOfFourBitsAreRead() throws IOException {
    byte[] nibbles = new byte[40];
    random.nextBytes(nibbles);
    for (DataType type : List.of(DataType.INT4, DataType.UINT4)) {
      OnnxWriter writer = quantized(3, 16);
      writer.constant(
          TensorProto.newBuilder()
              .setName("w")
              .setDataType(type.getNumber())
              .addAllDims(List.of(16L, 5L))
              .setRawData(ByteString.copyFrom(nibbles))
              .build());
      writer.numbers("scales", List.of(5L), 0.1f, 0.03f, 0.02f, 0.01f, 0.07f);
      writer.constant(
          TensorProto.newBuilder()
              .setName("zeros")
              .setDataType(type.getNumber())
              .addDims(5)
              .setRawData(ByteString.copyFrom(new byte[] {0x21, 0x43, 0x5}))
              .build());
      writer.numbers("fine", List.of(), 0.02f);
      writer.node("DequantizeLinear", List.of("x", "xs", "xz"), "real");
      writer.node("DequantizeLinear", List.of("w", "scales", "zeros"), "filter");
      writer.node("MatMul", List.of("real", "filter"), "product");
      writer.node("QuantizeLinear", List.of("product", "fine", "yz"), "y");
      requireEqual(writer.output("y"));
    }
  }

  @Test
  void integerSumsAreScaled() throws IOException {
    OnnxWriter writer = quantized(3, 16);
    writer.stored("w", DataType.UINT8, List.of(16L, 5L), bytes(80));
    writer.numbers("factor", List.of(), 0.01f * 0.004f);
    writer.floats("bias", 5);
    writer.numbers("fine", List.of(), 0.02f);
    writer.node("MatMulInteger", List.of("x", "w", "xz", "wz"), "sum");
    writer.node("Cast", List.of("sum"), "float", OnnxWriter.integer("to", DataType.FLOAT_VALUE));
    writer.node("Mul", List.of("float", "factor"), "scaled");
    writer.node("Add", List.of("scaled", "bias"), "shifted");
    writer.node("QuantizeLinear", List.of("shifted", "fine", "yz"), "y");
    requireEqual(writer.output("y"));
  }
}
